import Testing
@Suite("CRC32C") struct CRC32CTests {}
