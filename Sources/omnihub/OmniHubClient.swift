import CommandLineClient
import Glibc

@main
enum OmniHubClient {
    static func main() {
        exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst())))
    }
}
