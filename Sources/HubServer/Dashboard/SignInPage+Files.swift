extension SignInPage {
    static let indexText = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>OmniHub</title>
        <link rel="stylesheet" href="/sign-in.css">
        <link rel="icon" href="data:,">
        <script src="/sign-in.js" defer></script>
        </head>
        <body>
        <main>
        <h1>OmniHub</h1>
        <p id="status" role="status" aria-live="polite">Connecting…</p>
        <form id="activate" hidden>
        <h2>Set the administrator's password</h2>
        <label>Email <input name="email" type="email" autocomplete="username" required></label>
        <label>Name <input name="name" autocomplete="name"></label>
        <label>Password <input name="password" type="password" minlength="8"
        autocomplete="new-password" required></label>
        <label>Once more <input name="again" type="password" minlength="8"
        autocomplete="new-password" required></label>
        <button>Set and sign in</button>
        </form>
        <form id="sign-in" hidden>
        <h2>Sign in</h2>
        <label>Email <input name="email" type="email" autocomplete="username" required></label>
        <label>Password <input name="password" type="password" autocomplete="current-password"
        required></label>
        <button>Sign in</button>
        </form>
        <section id="account" hidden>
        <h2>Signed in</h2>
        <dl>
        <dt>Name</dt><dd id="name"></dd>
        <dt>Email</dt><dd id="email"></dd>
        <dt>Role</dt><dd id="role"></dd>
        <dt>Hub</dt><dd id="hub"></dd>
        </dl>
        <button id="sign-out" type="button">Sign out</button>
        </section>
        </main>
        </body>
        </html>

        """

    static let styleText = """
        :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
        body { margin: 0; display: grid; place-items: center; min-height: 100vh; }
        main { width: min(24rem, 92vw); }
        h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
        h2 { font-size: 1.1rem; }
        form, section { display: grid; gap: .75rem; }
        [hidden] { display: none; }
        label { display: grid; gap: .25rem; }
        input, button { font: inherit; padding: .5rem; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0; }
        dd { margin: 0; overflow-wrap: anywhere; }
        #status.error { color: #b3261e; }
        @media (prefers-color-scheme: dark) { #status.error { color: #f2b8b5; } }

        """

    static let scriptText = #"""
        "use strict";

        // Tokens live in this page's memory only: a reload asks for the password again.
        const find = (id) => document.getElementById(id);
        const forms = { activate: find("activate"), signIn: find("sign-in"), account: find("account") };
        let socket, nextId = 1, waiting = new Map(), refreshToken, activation, isDone = false;

        function say(text, isError = false) {
          find("status").textContent = text;
          find("status").classList.toggle("error", isError);
        }

        function show(name) {
          for (const [key, element] of Object.entries(forms)) element.hidden = key !== name;
        }

        function call(method, params = {}) {
          return new Promise((resolve, reject) => {
            if (!socket || socket.readyState !== WebSocket.OPEN) {
              return reject(new Error("The hub cannot be reached."));
            }
            const id = nextId++;
            waiting.set(id, { resolve, reject });
            socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
          });
        }

        function connect() {
          return new Promise((resolve, reject) => {
            const scheme = location.protocol === "https:" ? "wss:" : "ws:";
            const opening = new WebSocket(`${scheme}//${location.host}/ws`, ["omnihub.v1"]);
            socket = opening;
            opening.addEventListener("message", (event) => receive(JSON.parse(event.data), resolve));
            opening.addEventListener("close", (event) => {
              if (opening !== socket) return;
              for (const { reject: fail } of waiting.values()) {
                fail(new Error("The connection to the hub was lost."));
              }
              waiting.clear();
              reject(new Error("The hub cannot be reached."));
              if (!forms.account.hidden && !isDone) ended(event.code);
            });
          });
        }

        function receive(message, opened) {
          if (message.method === "session.welcome") {
            find("hub").textContent = `${message.params.server.name} ${message.params.server.version}`;
            opened(message.params);
          } else if (message.method === "session.expiring") {
            renew();
          } else if (waiting.has(message.id)) {
            const { resolve, reject } = waiting.get(message.id);
            waiting.delete(message.id);
            if (message.error) reject(problem(message.error)); else resolve(message.result);
          }
        }

        function problem(error) {
          const details = (error.data.details || []).map((one) => `${one.path.slice(1)} ${one.reason}`);
          let text = details.length ? details.join("; ") : error.message;
          if (error.data.retryAfterMs) {
            text += `; try again in ${Math.ceil(error.data.retryAfterMs / 1000)} s`;
          }
          return new Error(text.charAt(0).toUpperCase() + text.slice(1) + ".");
        }

        function ended(code) {
          refreshToken = undefined;
          show("signIn");
          say(code === 4103 ? "This session was ended." : "The session has ended; sign in again.", true);
        }

        // An anonymous connection is closed after some seconds, so one is made when it is needed.
        async function begin(method, params) {
          if (!socket || socket.readyState !== WebSocket.OPEN) await connect();
          const answer = await call(method, { ...params, client: "sign-in page" });
          refreshToken = answer.refreshToken;
          await call("session.authenticate", { accessToken: answer.accessToken });
          for (const name of ["name", "email", "role"]) find(name).textContent = answer.user[name];
          isDone = false;
          show("account");
          say("");
        }

        async function renew() {
          try {
            const answer = await call("auth.refresh", { refreshToken });
            refreshToken = answer.refreshToken;
            await call("session.authenticate", { accessToken: answer.accessToken });
          } catch (error) {
            say(error.message, true);
          }
        }

        function submits(form, action) {
          form.addEventListener("submit", async (event) => {
            event.preventDefault();
            const button = form.querySelector("button");
            button.disabled = true;
            say("One moment…");
            try {
              await action(Object.fromEntries(new FormData(form)));
              form.reset();
            } catch (error) {
              say(error.message, true);
            } finally {
              button.disabled = false;
            }
          });
        }

        submits(forms.activate, async ({ email, name, password, again }) => {
          if (password !== again) throw new Error("The two passwords are not the same.");
          await begin("auth.activate", { token: activation, email, password, ...(name ? { name } : {}) });
          activation = undefined;
        });

        submits(forms.signIn, ({ email, password }) => begin("auth.login", { email, password }));

        find("sign-out").addEventListener("click", async () => {
          isDone = true;
          try {
            await call("auth.logout");
          } catch { /* The session is gone either way. */ }
          socket.close();
          refreshToken = undefined;
          show("signIn");
          say("Signed out.");
        });

        // The token must not stay in the address bar or the history.
        const match = /^#activate=([A-Za-z0-9_-]+)$/.exec(location.hash);
        if (match) {
          activation = match[1];
          history.replaceState(null, "", "/");
        }
        connect().then((welcome) => {
          if (welcome.authenticated) {
            find("name").textContent = "dev";
            find("role").textContent = "admin";
            show("account");
            say("This hub runs for development: everybody on this machine is its administrator.");
          } else {
            show(activation ? "activate" : "signIn");
            say("");
          }
        }).catch((error) => say(error.message, true));

        """#
}
