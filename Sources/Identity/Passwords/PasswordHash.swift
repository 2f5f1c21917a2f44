import COpenSSL

/// What is kept of a password: scrypt (RFC 7914) with its parameters and salt.
///
/// Written in the PHC string format, `$scrypt$ln=15,r=8,p=3$<salt>$<key>`.
package struct PasswordHash: Equatable, Sendable {
    package static let saltBytes = 16
    package static let keyBytes = 32

    package let parameters: ScryptParameters
    private let salt: [UInt8]
    private let key: [UInt8]

    private init(parameters: ScryptParameters, salt: [UInt8], key: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.key = key
    }

    /// Hashes a password; takes as long as the parameters say, so never on a loop.
    ///
    /// - Returns: `nil` when there is no memory for it.
    package init?(
        _ password: borrowing SecretBytes,
        parameters: ScryptParameters,
        salt: [UInt8]
    ) {
        guard let key = scrypt(password, salt, parameters, count: Self.keyBytes) else { return nil }
        self.init(parameters: parameters, salt: salt, key: key.copy())
    }

    /// A hash that no password has: what is checked for accounts that do not exist, so that the
    /// work is the same.
    package static func decoy(
        _ parameters: ScryptParameters,
        using random: inout some RandomNumberGenerator
    ) -> PasswordHash {
        PasswordHash(
            parameters: parameters,
            salt: randomBytes(saltBytes, using: &random),
            key: randomBytes(keyBytes, using: &random)
        )
    }

    /// Whether this is the hash of `password`; `nil` when there is no memory to find out.
    package func matches(_ password: borrowing SecretBytes) -> Bool? {
        guard let candidate = scrypt(password, salt, parameters, count: key.count) else {
            return nil
        }
        return unsafe candidate.withBytes { bytes in
            unsafe CRYPTO_memcmp(key, bytes.baseAddress, key.count) == 0
        }
    }

    /// Whether the password should be hashed anew when it is next known.
    package func needsUpgrade(to wanted: ScryptParameters) -> Bool {
        parameters != wanted || salt.count < Self.saltBytes || key.count < Self.keyBytes
    }
}

extension PasswordHash {
    package var text: String {
        let (logN, r, p) = (parameters.logN, parameters.r, parameters.p)
        return "$scrypt$ln=\(logN),r=\(r),p=\(p)$\(Base64Text.encode(salt))"
            + "$\(Base64Text.encode(key))"
    }

    /// Reads what ``text`` gave; `nil` for anything else.
    package init?(text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 512, parts.count == 5, parts[0].isEmpty,
            parts[1].elementsEqual("scrypt".utf8),
            let parameters = Self.parameters(parts[2]),
            let salt = Base64Text.decode(parts[3]), (8...64).contains(salt.count),
            let key = Base64Text.decode(parts[4]), (16...64).contains(key.count)
        else { return nil }
        self.init(parameters: parameters, salt: salt, key: key)
    }

    private static func parameters(_ text: Substring.UTF8View) -> ScryptParameters? {
        let parts = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let names = ["ln=", "r=", "p="]
        guard parts.count == names.count else { return nil }
        var values: [Int] = []
        for (part, name) in zip(parts, names) {
            let digits = part.dropFirst(name.utf8.count)
            guard part.starts(with: name.utf8), (1...3).contains(digits.count),
                digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let value = Int(Substring(digits))
            else { return nil }
            values.append(value)
        }
        return ScryptParameters(logN: values[0], r: values[1], p: values[2])
    }
}

/// scrypt of RFC 7914; `nil` when there is no memory for it.
func scrypt(
    _ password: borrowing SecretBytes,
    _ salt: [UInt8],
    _ parameters: ScryptParameters,
    count: Int
) -> SecretBytes? {
    var key = SecretBytes(count: count)
    let status = unsafe password.withBytes { password in
        unsafe key.withMutableBytes { key in
            // OpenSSL takes signed characters here, and takes null for a question about limits; a
            // buffer always has an address.
            unsafe password.withMemoryRebound(to: CChar.self) { password in
                unsafe EVP_PBE_scrypt(
                    password.baseAddress,
                    password.count,
                    salt,
                    salt.count,
                    1 << UInt64(parameters.logN),
                    UInt64(parameters.r),
                    UInt64(parameters.p),
                    parameters.memoryLimit,
                    key.baseAddress,
                    key.count
                )
            }
        }
    }
    guard status == 1 else {
        ERR_clear_error()
        return nil
    }
    return key
}
