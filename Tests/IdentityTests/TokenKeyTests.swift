import JSONRPC
import Testing

@testable import Identity

@Suite("Keys that verify tokens")
struct TokenKeyTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var algorithm: String
        var jwk: String
        var token: String

        var testDescription: String { algorithm }
    }

    private static let joe =
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
        + "Ijp0cnVlfQ."

    /// RFC 7515 §A.1 to §A.3, RFC 8037 §A.4.
    static let examples = [
        Example(
            algorithm: "HS256",
            jwk:
                #"{"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS"#
                + #"0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#,
            token: "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" + joe
                + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        ),
        Example(
            algorithm: "RS256",
            jwk:
                #"{"kty":"RSA","alg":"RS256","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJc"#
                + "yQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMs"
                + "D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA"
                + "9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aG"
                + "hyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\"}",
            token: "eyJhbGciOiJSUzI1NiJ9" + joe
                + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_"
                + "lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO7"
                + "5vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOk"
                + "HWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWy"
                + "wlVmtVrBp0igcN_IoypGlUPQGe77Rw"
        ),
        Example(
            algorithm: "ES256",
            jwk: #"{"kty":"EC","alg":"ES256","crv":"P-256","#
                + #""x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","#
                + #""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
            token: "eyJhbGciOiJFUzI1NiJ9" + joe
                + "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3"
                + "-Kg6NU1Q"
        ),
        Example(
            algorithm: "EdDSA",
            jwk: #"{"kty":"OKP","alg":"EdDSA","crv":"Ed25519","#
                + #""x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            token: "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
                + "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr"
                + "_MuM0KAg"
        ),
    ]

    static func key(_ example: Example) throws -> TokenKey {
        let set = try KeySet(
            file: SecretBytes("{\"keys\":[\(example.jwk)]}"),
            algorithm: nil,
            name: nil
        )
        return try #require(set.key(named: nil))
    }

    static func parts(_ token: String) throws -> (message: [UInt8], signature: [UInt8]) {
        let dot = try #require(token.lastIndex(of: "."))
        let signature = Base64URL.decode(String(token[token.index(after: dot)...]))
        return (Array(token[..<dot].utf8), try #require(signature))
    }

    @Test("The signatures of the RFCs are good", arguments: examples)
    func vectors(_ example: Example) throws {
        let key = try Self.key(example)
        let (message, signature) = try Self.parts(example.token)
        #expect(key.algorithm.rawValue == example.algorithm)
        #expect(key.verifies(signature, of: message))
    }

    @Test(
        "No signature is good with a bit changed, cut off, prolonged or left out",
        arguments: examples
    )
    func damage(_ example: Example) throws {
        let key = try Self.key(example)
        let (message, signature) = try Self.parts(example.token)
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(!key.verifies(changed, of: message))
        }
        for count in 0..<signature.count {
            #expect(!key.verifies(Array(signature[..<count]), of: message))
        }
        #expect(!key.verifies(signature + [0], of: message))
        #expect(!key.verifies(signature, of: message + [0]))
    }

    @Test("Zeros are no ECDSA signature (CVE-2022-21449)")
    func psychicSignature() throws {
        let key = try Self.key(Self.examples[2])
        #expect(!key.verifies([UInt8](repeating: 0, count: 64), of: Array("x".utf8)))
    }

    @Test(
        "A key that is none for its algorithm, weak or off its curve is refused",
        arguments: [
            #"{"kty":"oct","alg":"HS256","k":"c2hvcnQ"}"#,
            #"{"kty":"oct","alg":"EdDSA","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T"}"#,
            #"{"kty":"OKP","alg":"RS256","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            #"{"kty":"OKP","alg":"EdDSA","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            #"{"kty":"OKP","alg":"EdDSA","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ"}"#,
            #"{"kty":"RSA","alg":"RS256","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbj"}"#,
            #"{"kty":"EC","alg":"ES256","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}"#,
            #"{"kty":"OKP","alg":"none","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            #"{"kty":"OKP","alg":"EdDSA","kid":7,"crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        ]
    )
    func badKeys(_ jwk: String) {
        #expect(throws: KeyFileProblem.self) {
            try KeySet(file: SecretBytes("{\"keys\":[\(jwk)]}"), algorithm: nil, name: nil)
        }
    }

    @Test("A key has the thumbprint of RFC 8037 §A.3")
    func thumbprint() throws {
        let seed = try #require(Base64URL.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
        let key = try #require(SigningKey(seed: seed))
        #expect(key.name == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        #expect(key.publicJWK["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    }

    @Test("A signing key survives its file, and retires with the same name")
    func files() throws {
        let key = try #require(SigningKey.make())
        let pem = try #require(key.pemText)
        #expect(SigningKey.reading(pem)?.name == key.name)
        let retired = RetiredKey(pem: SecretBytes(pem))
        #expect(retired?.name == key.name)
        #expect(SigningKey.reading("-----BEGIN PRIVATE KEY-----\nMIA=\n") == nil)
        #expect(SigningKey.reading("") == nil)
    }

    @Test("A file with a bare secret needs an algorithm, and drops one line break")
    func secretFile() throws {
        let secret = "0123456789abcdef0123456789abcdef"
        #expect(throws: KeyFileProblem.self) {
            try KeySet(file: SecretBytes(secret), algorithm: nil, name: nil)
        }
        #expect(throws: KeyFileProblem.self) {
            try KeySet(file: SecretBytes("short\n"), algorithm: .hs256, name: nil)
        }
        let set = try KeySet(file: SecretBytes(secret + "\n"), algorithm: .hs256, name: "a")
        #expect(set.key(named: "a")?.algorithm == .hs256)
        #expect(set.key(named: nil) == nil)
        #expect(set.key(named: "b") == nil)
    }
}
