import HTTPProtocol
import Testing

@Suite("Request head and header fields")
struct HTTPRequestHeadTests {
    @Test(
        arguments: [
            "/ws?token=x", "/ws?a=b&token=x", "/ws?TOKEN", "/ws?access_token=", "/?accessToken=x",
            "/?Access-Token=x", "/?a;jwt=x", "/?%74oken=x", "/?t%6Fken%5B%5D=x", "/?api_key=1",
            "/?apikey=1", "/?key=1", "/?auth=1", "/?authorization=Bearer%20x", "/?bearer=x",
            "/?password=x", "/?secret=x", "/?refresh_token=x", "/?id_token=x", "/?client_secret=x",
            "/?a?b&token=x", "/?=&&token",
        ]
    )
    func `sees a secret in the query`(target: String) {
        #expect(HTTPRequestHead(method: "GET", target: target).queryCarriesSecret)
    }

    @Test(
        arguments: [
            "/", "/token", "/token=x", "/?", "/?channel=token", "/?tokens=1", "/?monkey=1",
            "/?author=a",
            "/?keyword=x", "/?%zz=token", "/?t%6=x", "/?q=a%26token=x", "/?%00", "/?%",
        ]
    )
    func `sees none elsewhere`(target: String) {
        #expect(!HTTPRequestHead(method: "GET", target: target).queryCarriesSecret)
    }

    @Test func `describes itself without its query`() {
        let head = HTTPRequestHead(
            method: "GET",
            target: "/ws?token=abc",
            headers: HTTPHeaders([("Authorization", "Bearer abc")])
        )
        #expect("\(head)" == "GET /ws?… HTTP/1.1")
    }

    @Test func `divides the target into path and query`() {
        let head = HTTPRequestHead(method: "GET", target: "/a?b?c")
        #expect(head.path == "/a")
        #expect(head.query == "b?c")
        #expect(HTTPRequestHead(method: "GET", target: "/a").query == nil)
    }

    @Test func `finds list elements across repeated fields`() {
        let headers = HTTPHeaders([("A", " x ,\tY,,"), ("b", "n"), ("a", "z")])
        #expect(headers.listElements(of: "A") == ["x", "Y", "z"])
        #expect(headers.list("a", contains: "y"))
        #expect(!headers.list("a", contains: "n"))
        #expect(headers.values(of: "A").count == 2)
        #expect(headers.single("A") == nil)
        #expect(headers.single("B") == "n")
        #expect(headers.contains("B") && !headers.contains("C"))
    }

    @Test(
        arguments: [
            (HTTPStatus.ok, "OK"), (.uriTooLong, "URI Too Long"), (HTTPStatus(rawValue: 299), ""),
        ]
    )
    func `has the registered reason phrase`(status: HTTPStatus, phrase: String) {
        #expect(status.reasonPhrase == phrase)
    }
}
