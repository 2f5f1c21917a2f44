import Glibc

/// Calls on folders and their entries.
enum Folder {
    /// Creates `path` and what is missing above it, each with mode 0700, durably.
    static func create(_ path: String) throws(FileError) {
        if mkdir(path, 0o700) != 0 {
            let code = errno
            if code == EEXIST {  // Of another kind? The first use as a folder tells.
                // Whoever made it may have been killed before that was durable.
                return try synchronizeIfPermitted(parent(of: path))
            }
            guard code == ENOENT, parent(of: path) != path else {
                throw FileError(call: "mkdir", path: path, code: code)
            }
            try create(parent(of: path))
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw FileError(call: "mkdir", path: path, code: errno)
            }
        }
        try synchronize(parent(of: path))
    }

    /// The names in `path` without `.` and `..`, sorted.
    static func entries(of path: String) throws(FileError) -> [String] {
        guard let stream = opendir(path) else {
            throw FileError(call: "opendir", path: path, code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        if errno != 0 { throw FileError(call: "readdir", path: path, code: errno) }
        return names.sorted()
    }

    /// Makes created, renamed and deleted entries of `path` durable.
    static func synchronize(_ path: String) throws(FileError) {
        try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Does what ``synchronize(_:)`` does, but for a folder that this user may not open: that was not
    /// this program's to make.
    private static func synchronizeIfPermitted(_ path: String) throws(FileError) {
        do {
            try synchronize(path)
        } catch {
            if error.code != EACCES, error.code != EPERM { throw error }
        }
    }

    static func rename(_ old: String, to new: String) throws(FileError) {
        if Glibc.rename(old, new) != 0 {
            throw FileError(call: "rename", path: old, code: errno)
        }
    }

    /// Renames the damaged entry `path` of `folder`, durably, and returns its new path.
    static func setAside(_ path: String, in folder: String) throws(FileError) -> String {
        let aside = unusedName(path + ".corrupt")
        try rename(path, to: aside)
        try synchronize(folder)
        return aside
    }

    static func removeFile(_ path: String) throws(FileError) {
        if unlink(path) != 0 { throw FileError(call: "unlink", path: path, code: errno) }
    }

    /// Removes a folder that contains files only.
    static func remove(_ path: String) throws(FileError) {
        for name in try entries(of: path) { try removeFile("\(path)/\(name)") }
        if rmdir(path) != 0 { throw FileError(call: "rmdir", path: path, code: errno) }
    }

    /// Removes a folder with all that is in it.
    static func removeAll(_ path: String) throws(FileError) {
        for name in try entries(of: path) {
            var status = stat()
            if lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                try removeAll("\(path)/\(name)")
            } else {
                try removeFile("\(path)/\(name)")
            }
        }
        if rmdir(path) != 0 { throw FileError(call: "rmdir", path: path, code: errno) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The first of `path`, `path.1`, `path.2`, … that does not exist.
    static func unusedName(_ path: String) -> String {
        var candidate = path
        var number = 0
        while exists(candidate) {
            number += 1
            candidate = "\(path).\(number)"
        }
        return candidate
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
