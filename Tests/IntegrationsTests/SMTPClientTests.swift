import JSONRPC
import Testing

@testable import Integrations

@Suite("The client's side of SMTP")
struct SMTPClientTests {
    private static let message = MailMessage(
        from: "hub@example.org",
        to: ["a@example.com", "b@example.com"],
        subject: "Grüße",
        text: ".\nHello\n",
        id: "<1@example.org>",
        date: 1_795_718_810
    )

    private func settings(_ security: SMTPClient.Security) -> SMTPClient.Settings {
        SMTPClient.Settings(
            security: security,
            user: "me",
            password: "secret",
            host: "hub.example.org"
        )
    }

    private func line(_ text: String) -> [SMTPClient.Action] { [.command(text)] }

    @Test("Sends a message over STARTTLS with AUTH PLAIN")
    func whole() throws {
        var client = SMTPClient(settings(.startTLS), sending: Self.message)
        #expect(try client.receive("220 hi\r\n".utf8) == line("EHLO hub.example.org"))
        let first = "250-x\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n"
        #expect(try client.receive(first.utf8) == line("STARTTLS"))
        #expect(try client.receive("220 go\r\n".utf8) == [.secure])
        #expect(client.secured() == line("EHLO hub.example.org"))
        let plain = Base64.encode(Array("\0me\0secret".utf8))
        let second = "250-x\r\n250 AUTH LOGIN PLAIN\r\n"
        #expect(try client.receive(second.utf8) == line("AUTH PLAIN \(plain)"))
        #expect(try client.receive("235 ok\r\n".utf8) == line("MAIL FROM:<hub@example.org>"))
        #expect(try client.receive("250 ok\r\n".utf8) == line("RCPT TO:<a@example.com>"))
        #expect(try client.receive("251 on\r\n".utf8) == line("RCPT TO:<b@example.com>"))
        #expect(try client.receive("250 ok\r\n".utf8) == line("DATA"))
        let content = try client.receive("354 go\r\n".utf8)
        #expect(content == [.send(Self.message.encoded + Array(".\r\n".utf8))])
        #expect(!client.isDone)
        #expect(try client.receive("250 kept\r\n".utf8) == line("QUIT"))
        #expect(client.isDone)
        #expect(try client.receive("221 bye\r\n".utf8) == [.finished])
    }

    @Test("Speaks AUTH LOGIN where there is no PLAIN, byte by byte")
    func login() throws {
        var client = SMTPClient(settings(.implicit), sending: nil)
        var sent: [String] = []
        for reply in [
            "220 hi", "250-x\r\n250 AUTH LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 ok",
            "221 bye",
        ] {
            for byte in (reply + "\r\n").utf8 {
                for case .send(let bytes) in try client.receive([byte]) {
                    sent.append(String(decoding: bytes.dropLast(2), as: UTF8.self))
                }
            }
        }
        #expect(
            sent == ["EHLO hub.example.org", "AUTH LOGIN", "bWU=", "c2VjcmV0", "QUIT"]
        )
    }

    @Test("Leaves a server that cannot encrypt, and sends no password in the clear")
    func downgrade() throws {
        var client = SMTPClient(settings(.startTLS), sending: nil)
        _ = try client.receive("220 hi\r\n".utf8)
        #expect(throws: SMTPClient.Failure.self) {
            try client.receive("250 AUTH PLAIN\r\n".utf8)
        }
        client = SMTPClient(settings(.none), sending: nil)
        _ = try client.receive("220 hi\r\n".utf8)
        let failure = #expect(throws: SMTPClient.Failure.self) {
            try client.receive("250-x\r\n250 AUTH PLAIN\r\n".utf8)
        }
        #expect(failure?.reason == "a password is not sent without TLS")
    }

    @Test("Takes nothing that was sent before TLS began for its own (CVE-2011-0411)")
    func injection() throws {
        var client = SMTPClient(settings(.startTLS), sending: nil)
        _ = try client.receive("220 hi\r\n".utf8)
        _ = try client.receive("250-x\r\n250 STARTTLS\r\n".utf8)
        #expect(throws: SMTPClient.Failure.self) {
            try client.receive("220 go\r\n250 injected\r\n".utf8)
        }
    }

    @Test(
        "A refusal says whether it is for now, and never the password",
        arguments: [("451 later", true), ("550 no", false)]
    )
    func refusal(reply: String, isTemporary: Bool) throws {
        var client = SMTPClient(settings(.implicit), sending: Self.message)
        _ = try client.receive("220 hi\r\n".utf8)
        _ = try client.receive("250-x\r\n250 AUTH PLAIN\r\n".utf8)
        let failure = #expect(throws: SMTPClient.Failure.self) {
            try client.receive("\(reply)\r\n".utf8)
        }
        #expect(failure?.isTemporary == isTemporary)
        #expect(failure?.reason.contains("secret") == false)
    }

    @Test(
        "A peer that is no mail server is left",
        arguments: ["HTTP/1.1 200\r\n", "250-a\r\n251 b\r\n", "99 x\r\n"]
    )
    func foreign(text: String) {
        var client = SMTPClient(settings(.implicit), sending: nil)
        #expect(throws: SMTPClient.Failure.self) { try client.receive(text.utf8) }
    }

    @Test("Lines that begin with a dot get another one")
    func dots() {
        let stuffed = SMTPClient.stuffed(Array(".a\r\nb\r\n..c".utf8))
        #expect(String(decoding: stuffed, as: UTF8.self) == "..a\r\nb\r\n...c\r\n.\r\n")
    }

    @Test(
        "Dates are those of RFC 5322",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_795_718_810, "Thu, 26 Nov 2026 18:46:50 +0000"),
            (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
        ] as [(Int64, String)]
    )
    func dates(seconds: Int64, text: String) {
        #expect(MailMessage.dateText(seconds) == text)
    }

    @Test(
        "What could be a command or another recipient is no address",
        arguments: [
            "a", "a@b\r\nRCPT TO:<c@d>", "a@b>", "<a@b", "a b@c", "a@b,c@d", "@b", "a@", "ä@b",
            "a@b@c",
        ]
    )
    func addresses(text: String) {
        #expect(!MailMessage.isAddress(text))
        #expect(MailMessage.isAddress("first.last+tag@mail.example.org"))
    }
}
