extension DeflateParameters {
    /// Chooses the first offer that this server, which wants `self`, can meet (RFC 7692 §5.1).
    ///
    /// - Parameter elements: What the client offered, in its order of preference.
    /// - Returns: The agreement and the answer that states it; `nil` when no offer is good.
    func accept(_ elements: [ExtensionElement]) -> (DeflateParameters, DeflateElement)? {
        elements.lazy.compactMap(DeflateElement.init).first.map(accept)
    }

    private func accept(_ offer: DeflateElement) -> (DeflateParameters, DeflateElement) {
        var agreed = self
        var answer = DeflateElement()
        agreed.serverNoContextTakeover = serverNoContextTakeover || offer.serverNoContextTakeover
        answer.serverNoContextTakeover = agreed.serverNoContextTakeover
        agreed.clientNoContextTakeover = clientNoContextTakeover || offer.clientNoContextTakeover
        answer.clientNoContextTakeover = agreed.clientNoContextTakeover

        agreed.serverMaxWindowBits = min(serverMaxWindowBits, offer.serverMaxWindowBits ?? 15)
        if offer.serverMaxWindowBits != nil || agreed.serverMaxWindowBits < 15 {
            answer.serverMaxWindowBits = agreed.serverMaxWindowBits
        }

        // A client that does not name the parameter can't be told to use a smaller window.
        switch offer.clientMaxWindowBits {
        case .absent: agreed.clientMaxWindowBits = 15
        case .supported: break
        case .limited(let bits): agreed.clientMaxWindowBits = min(clientMaxWindowBits, bits)
        }
        if agreed.clientMaxWindowBits < 15 {
            answer.clientMaxWindowBits = .limited(agreed.clientMaxWindowBits)
        }
        return (agreed, answer)
    }

    /// What a client that wants `self` offers.
    var offer: DeflateElement {
        var offer = DeflateElement()
        offer.serverNoContextTakeover = serverNoContextTakeover
        offer.clientNoContextTakeover = clientNoContextTakeover
        offer.serverMaxWindowBits = serverMaxWindowBits < 15 ? serverMaxWindowBits : nil
        offer.clientMaxWindowBits =
            clientMaxWindowBits < 15 ? .limited(clientMaxWindowBits) : .supported
        return offer
    }

    /// What a server's answer to ``offer`` makes of it; `nil` when it does not fit the offer.
    func agreement(on answer: DeflateElement) -> DeflateParameters? {
        var agreed = self
        guard answer.serverNoContextTakeover || !serverNoContextTakeover else { return nil }
        agreed.serverNoContextTakeover = answer.serverNoContextTakeover
        agreed.clientNoContextTakeover = clientNoContextTakeover || answer.clientNoContextTakeover

        let serverBits = answer.serverMaxWindowBits ?? 15
        guard serverBits <= serverMaxWindowBits else { return nil }
        agreed.serverMaxWindowBits = serverBits

        switch answer.clientMaxWindowBits {
        case .absent: break
        case .supported: return nil
        case .limited(let bits):
            guard bits <= clientMaxWindowBits else { return nil }
            agreed.clientMaxWindowBits = bits
        }
        return agreed
    }
}
