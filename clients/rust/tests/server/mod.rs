// SPDX-License-Identifier: Apache-2.0

//! Daemons and networks for tests.

use std::net::{SocketAddr, TcpListener as StdListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use dissectd::{Client, Connector};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How long to wait for what must happen at some time.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Permits everyone to read.
const POLICY: &str = r#"{
    "roles": {"reader": {"permissions": ["dissect", "files.read", "server.info"], "paths": ["*"]}},
    "bindings": [{"principals": ["*"], "roles": ["reader"]}]
}"#;

/// A daemon with the project's captures in its store, which ends with the test.
pub struct Daemon {
    process: Child,
    pub folder: PathBuf,
    pub address: String,
}

/// Returns the path of a program that the environment names.
fn program(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| panic!("set {variable} to the path of the program"))
}

impl Daemon {
    /// `name` is that of the test, for a folder of its own.
    pub async fn start(name: &str) -> Self {
        let folder = Self::folder(name);
        let address = format!("unix:{}", folder.join("socket").display());
        Self::start_in(folder, address, &[]).await
    }

    /// Starts a daemon with TLS that knows one token.
    pub async fn start_with_token(name: &str) -> (Self, Connector) {
        let folder = Self::folder(name);
        run(
            "openssl",
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
             -keyout key.pem -out ca.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost \
             -addext basicConstraints=critical,CA:FALSE",
            &folder,
        );
        run(&program("DISSECTCTL"), "token create alice --append tokens --output token", &folder);
        fs::write(folder.join("policy"), POLICY).unwrap();
        let port = StdListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("localhost:{port}");
        let options = [
            "--tls-certificate=ca.pem",
            "--tls-key=key.pem",
            "--token-file=tokens",
            "--policy=policy",
        ];
        let read = |name| fs::read_to_string(folder.join(name)).unwrap();
        let connector =
            Connector::new(&address).authorities(&read("ca.pem")).token(read("token").trim());
        let mut daemon = Self::spawn(folder, address, &options);
        daemon.wait_for(&connector).await;
        (daemon, connector)
    }

    fn folder(name: &str) -> PathBuf {
        // Paths of sockets must be short.
        let folder = env::temp_dir().join(format!("dissectd-rust-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    async fn start_in(folder: PathBuf, address: String, options: &[&str]) -> Self {
        let connector = Connector::new(&address);
        let mut daemon = Self::spawn(folder, address, options);
        daemon.wait_for(&connector).await;
        daemon
    }

    fn spawn(folder: PathBuf, address: String, options: &[&str]) -> Self {
        let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/captures");
        let store = folder.join("store");
        fs::create_dir_all(&store).unwrap();
        for capture in ["dns.pcap", "cut-short.pcap", "http1.pcap.gz"] {
            fs::copy(captures.join(capture), store.join(capture)).unwrap();
        }
        let process = Self::run(&folder, &address, options);
        Self { process, folder, address }
    }

    fn run(folder: &Path, address: &str, options: &[&str]) -> Child {
        Command::new(program("DISSECTD"))
            .args([format!("--listen={address}"), "--store=store".to_owned()])
            .args(options)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("log")).unwrap())
            .spawn()
            .unwrap()
    }

    /// Starts it again after `kill`, without its options.
    pub async fn restart(&mut self) {
        self.process = Self::run(&self.folder, &self.address, &[]);
        self.wait_for(&Connector::new(&self.address)).await;
    }

    async fn wait_for(&mut self, connector: &Connector) {
        let answer = async {
            loop {
                let ended = self.process.try_wait().unwrap();
                assert!(ended.is_none(), "{}", self.log());
                if let Ok(client) = connector.clone().connect().await
                    && client
                        .server()
                        .get_server_info(dissectd::v1::GetServerInfoRequest {})
                        .await
                        .is_ok()
                {
                    return;
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        let answered = timeout(LIMIT, answer).await.is_ok();
        assert!(answered, "{}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }

    pub async fn connect(&self) -> Client {
        dissectd::connect(&self.address).await.unwrap()
    }

    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn run(program: &str, arguments: &str, folder: &Path) {
    let mut command = Command::new(program);
    command.args(arguments.split_whitespace()).current_dir(folder).env("HOME", folder);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A network between a client and a daemon, which can stall.
pub struct Network {
    pub address: SocketAddr,
    stalled: watch::Sender<bool>,
}

impl Network {
    pub async fn to(daemon: &Daemon) -> Self {
        let socket = daemon.folder.join("socket");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stalled, stalls) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut far = UnixStream::connect(&socket).await.unwrap();
                let mut stalls = stalls.clone();
                tokio::spawn(async move {
                    let stall = async { stalls.wait_for(|stalled| *stalled).await.map(drop) };
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        // Keeps both connections open, and passes nothing on.
                        _ = stall => std::future::pending().await,
                    }
                });
            }
        });
        Self { address, stalled }
    }

    pub fn stall(&self) {
        self.stalled.send_replace(true);
    }
}
