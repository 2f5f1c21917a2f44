import Testing

@testable import Identity

@Suite("Password hashes")
struct PasswordHashTests {
    struct Vector: Sendable {
        var password: String
        var salt: String
        var logN: Int
        var r: Int
        var p: Int
        var key: String
    }

    @Test(
        "scrypt gives the keys of RFC 7914 §12",
        arguments: [
            Vector(
                password: "",
                salt: "",
                logN: 4,
                r: 1,
                p: 1,
                key: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                    + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
            ),
            Vector(
                password: "password",
                salt: "NaCl",
                logN: 10,
                r: 8,
                p: 16,
                key: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                    + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
            ),
            Vector(
                password: "pleaseletmein",
                salt: "SodiumChloride",
                logN: 14,
                r: 8,
                p: 1,
                key: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                    + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
            ),
        ]
    )
    func vectors(_ vector: Vector) throws {
        let parameters = try #require(
            ScryptParameters(logN: vector.logN, r: vector.r, p: vector.p)
        )
        let derived = scrypt(
            SecretBytes(vector.password),
            Array(vector.salt.utf8),
            parameters,
            count: 64
        )
        let key = derived?.copy() ?? []
        #expect(Hexadecimal.encode(key) == vector.key)
    }

    @Test("A hash matches its own password only, also after it was written and read")
    func matching() throws {
        let hash = try #require(PasswordHash.quick("correct horse"))
        let read = try #require(PasswordHash(text: hash.text))
        #expect(read == hash)
        #expect(read.accepts("correct horse") == true)
        #expect(read.accepts("correct hors") == false)
        #expect(read.accepts("") == false)
    }

    @Test("A decoy has no password, and costs what a hash costs")
    func decoys() {
        var random = SeededGenerator(seed: 1)
        let decoy = PasswordHash.decoy(.quick, using: &random)
        #expect(decoy.parameters == .quick)
        #expect(decoy.accepts("") == false)
    }

    @Test("A hash with other parameters needs an upgrade")
    func upgrades() throws {
        let hash = try #require(PasswordHash.quick("x"))
        #expect(!hash.needsUpgrade(to: .quick))
        #expect(hash.needsUpgrade(to: .standard))
    }

    @Test(
        "What is no hash of ours is not read",
        arguments: [
            "", "$scrypt$", "scrypt$ln=4,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
            "$argon2id$ln=4,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
            "$scrypt$ln=21,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
            "$scrypt$ln=4,r=99,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
            "$scrypt$ln=4,r=8,p=0$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
            "$scrypt$ln=+4,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
            "$scrypt$r=8,ln=4,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
            "$scrypt$ln=4,r=8,p=1$c2FsdHNhbHQ=$c2FsdHNhbHRzYWx0c2FsdA",
            "$scrypt$ln=4,r=8,p=1$c2FsdHNhbH_$c2FsdHNhbHRzYWx0c2FsdA",
            "$scrypt$ln=4,r=8,p=1$c2FsdHNhbHQ$c2Fsd",
            "$scrypt$ln=4,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA$",
            "$scrypt$ln=9223372036854775807,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
        ]
    )
    func refusals(_ text: String) {
        #expect(PasswordHash(text: text) == nil)
    }
}
