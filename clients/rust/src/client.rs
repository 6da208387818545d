// SPDX-License-Identifier: Apache-2.0

//! Connections to a daemon.

use std::time::Duration;
use std::{env, fs};

use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Request, Status};

use crate::dissection::Dissection;
use crate::error::{Error, Failure, Result};
use crate::v1::analysis_service_client::AnalysisServiceClient;
use crate::v1::capture_service_client::CaptureServiceClient;
use crate::v1::dissection_service_client::DissectionServiceClient;
use crate::v1::export_service_client::ExportServiceClient;
use crate::v1::file_service_client::FileServiceClient;
use crate::v1::filter_service_client::FilterServiceClient;
use crate::v1::preference_service_client::PreferenceServiceClient;
use crate::v1::registry_service_client::RegistryServiceClient;
use crate::v1::server_service_client::ServerServiceClient;
use crate::v1::session_service_client::SessionServiceClient;
use crate::v1::{self, FilterSeverity};

const DEFAULT_PORT: &str = "50051";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const DEFAULT_KEEPALIVE: Duration = Duration::from_secs(20);

/// What calls are sent through: a connection, and the caller's token.
pub type Transport = InterceptedService<Channel, TokenSender>;

/// Adds the caller's token to calls.
#[derive(Clone)]
pub struct TokenSender {
    header: Option<MetadataValue<Ascii>>,
}

impl Interceptor for TokenSender {
    fn call(&mut self, mut request: Request<()>) -> std::result::Result<Request<()>, Status> {
        if let Some(header) = &self.header {
            request.metadata_mut().insert("authorization", header.clone());
        }
        Ok(request)
    }
}

/// A connection to a daemon. Clones share it.
#[derive(Clone)]
pub struct Client {
    address: String,
    transport: Transport,
}

/// How to connect to a daemon.
#[derive(Clone)]
pub struct Connector {
    address: String,
    tls: Option<ClientTlsConfig>,
    token: Option<String>,
    keepalive: Duration,
}

/// Connects to the daemon at `HOST:PORT`, `HOST`, `https://HOST:PORT` or `unix:/PATH`.
///
/// # Errors
/// [`Error::Settings`] if this is no address, [`Error::Connection`] if nothing answers
/// there.
pub async fn connect(address: &str) -> Result<Client> {
    Connector::new(address).connect().await
}

impl Connector {
    /// Begins with an address as for [`connect`]. TLS is used after `https://`, or if an
    /// option about TLS is given, and trusts the authorities of this machine.
    #[must_use]
    pub fn new(address: &str) -> Self {
        let tls =
            address.starts_with("https://").then(|| ClientTlsConfig::new().with_native_roots());
        Self { address: address.to_owned(), tls, token: None, keepalive: DEFAULT_KEEPALIVE }
    }

    /// Reads the variables that `dissectctl` reads: `DISSECTD_SERVER`, `DISSECTD_TOKEN`,
    /// `DISSECTD_TOKEN_FILE`, `DISSECTD_TLS_CA`, `DISSECTD_TLS_CERTIFICATE`,
    /// `DISSECTD_TLS_KEY` and `DISSECTD_TLS_SERVER_NAME`.
    ///
    /// # Errors
    /// [`Error::File`] if a file that they name can't be read.
    pub fn from_environment() -> Result<Self> {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let file = |name: &str| variable(name).map(|path| read_text(&path)).transpose();
        let mut connector = Self::new(&variable("DISSECTD_SERVER").unwrap_or_default());
        if let Some(authorities) = file("DISSECTD_TLS_CA")? {
            connector = connector.authorities(&authorities);
        }
        match (file("DISSECTD_TLS_CERTIFICATE")?, file("DISSECTD_TLS_KEY")?) {
            (Some(certificate), Some(key)) => connector = connector.identity(&certificate, &key),
            (None, None) => {}
            _ => return Err(Error::Settings("A certificate and its key belong together.".into())),
        }
        if let Some(name) = variable("DISSECTD_TLS_SERVER_NAME") {
            connector = connector.server_name(&name);
        }
        if let Some(token) = variable("DISSECTD_TOKEN") {
            connector = connector.token(&token);
        } else if let Some(content) = file("DISSECTD_TOKEN_FILE")? {
            connector = connector.token(first_token(&content)?);
        }
        Ok(connector)
    }

    fn with_tls(mut self, change: impl FnOnce(ClientTlsConfig) -> ClientTlsConfig) -> Self {
        self.tls = Some(change(self.tls.unwrap_or_default()));
        self
    }

    /// Trusts these authorities, in PEM, instead of those of this machine.
    #[must_use]
    pub fn authorities(mut self, pem: &str) -> Self {
        let trusted = Certificate::from_pem(pem);
        // Discards what https:// has set, as the authorities of the machine are trusted there.
        self.tls = Some(ClientTlsConfig::new());
        self.with_tls(|tls| tls.ca_certificate(trusted))
    }

    /// Identifies the caller by a certificate and its key, in PEM.
    #[must_use]
    pub fn identity(self, certificate: &str, key: &str) -> Self {
        let identity = Identity::from_pem(certificate, key);
        self.with_tls(|tls| tls.identity(identity))
    }

    /// Sets the name in the daemon's certificate, if it isn't the host's.
    #[must_use]
    pub fn server_name(self, name: &str) -> Self {
        let name = name.to_owned();
        self.with_tls(|tls| tls.domain_name(name))
    }

    /// Sets the caller's token.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// Sets the time after which a connection is taken for lost if the daemon doesn't
    /// answer a ping: 20 seconds by default, and at least 5, as the daemon refuses more
    /// pings.
    #[must_use]
    pub fn keepalive(mut self, interval: Duration) -> Self {
        self.keepalive = interval.max(Duration::from_secs(5));
        self
    }

    /// Connects.
    ///
    /// # Errors
    /// [`Error::Settings`] if the address, a certificate or the token can't be used;
    /// [`Error::Connection`] if nothing answers.
    pub async fn connect(self) -> Result<Client> {
        let uri = uri_of(&self.address, self.tls.is_some())?;
        if self.token.is_some() && self.tls.is_none() && !is_local(&uri) {
            return Err(Error::Settings(format!(
                "The token isn't sent to {} without TLS, as others could read it.",
                self.address
            )));
        }
        let header = self.token.as_deref().map(header_of).transpose()?;
        let wrong = |error: tonic::transport::Error| {
            Error::Settings(format!("\"{}\" can't be used: {error}", self.address))
        };
        let mut endpoint = Endpoint::from_shared(uri)
            .map_err(wrong)?
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(self.keepalive)
            .keep_alive_timeout(self.keepalive);
        if let Some(tls) = self.tls {
            endpoint = endpoint.tls_config(tls).map_err(wrong)?;
        }
        let channel = endpoint.connect().await.map_err(|error| Error::Connection {
            address: self.address.clone(),
            source: Box::new(error),
        })?;
        let transport = InterceptedService::new(channel, TokenSender { header });
        Ok(Client { address: self.address, transport })
    }
}

fn read_text(path: &str) -> Result<String> {
    fs::read_to_string(path).map_err(|source| Error::File { path: path.into(), source })
}

/// Returns the first line of a token file that is neither empty nor a comment.
fn first_token(content: &str) -> Result<&str> {
    content
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .ok_or_else(|| Error::Settings("The token file has no token.".into()))
}

fn header_of(token: &str) -> Result<MetadataValue<Ascii>> {
    let valid = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    let header = format!("Bearer {token}").parse::<MetadataValue<Ascii>>().ok();
    let mut header = header
        .filter(|_| valid)
        .ok_or_else(|| Error::Settings("A token is ASCII without spaces.".into()))?;
    header.set_sensitive(true);
    Ok(header)
}

/// Returns the URI for an address, with the default host and port.
fn uri_of(address: &str, tls: bool) -> Result<String> {
    if let Some(path) =
        address.strip_prefix("unix:").or(address.starts_with('/').then_some(address))
    {
        if tls {
            let text =
                format!("TLS isn't for {address}: a Unix socket doesn't leave this machine.");
            return Err(Error::Settings(text));
        }
        return Ok(format!("unix://{}", path.trim_start_matches("//")));
    }
    let rest = match address.strip_prefix("http://") {
        Some(_) if tls => {
            return Err(Error::Settings(format!("\"{address}\" is an address without TLS.")));
        }
        Some(rest) => rest,
        None => address.strip_prefix("https://").unwrap_or(address),
    };
    let rest = rest.trim_end_matches('/');
    // IPv6 addresses may stand without brackets if there is no port.
    let is_ipv6 = !rest.starts_with('[') && rest.matches(':').count() > 1;
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !is_ipv6 && !port.contains(']') => (host, port),
        _ => (rest, DEFAULT_PORT),
    };
    let host = if host.is_empty() { "localhost" } else { host };
    let host = if is_ipv6 { format!("[{host}]") } else { host.to_owned() };
    let scheme = if tls { "https" } else { "http" };
    Ok(format!("{scheme}://{host}:{port}"))
}

/// Returns whether nobody else can read what is sent.
fn is_local(uri: &str) -> bool {
    ["unix:", "http://localhost:", "http://127.", "http://[::1]:"]
        .iter()
        .any(|local| uri.starts_with(local))
}

/// Makes a function that returns the stub of a service.
macro_rules! stubs {
    ($($name:ident: $stub:ident),* $(,)?) => {
        $(
            #[doc = concat!("Returns a stub of the service: see [`", stringify!($stub), "`].")]
            #[must_use]
            pub fn $name(&self) -> $stub<Transport> {
                // A message exceeds the batch size by up to a frame, whose size isn't limited.
                $stub::new(self.transport.clone()).max_decoding_message_size(usize::MAX)
            }
        )*
    };
}

impl Client {
    stubs! {
        dissection: DissectionServiceClient,
        captures: CaptureServiceClient,
        files: FileServiceClient,
        sessions: SessionServiceClient,
        analysis: AnalysisServiceClient,
        filters: FilterServiceClient,
        registry: RegistryServiceClient,
        preferences: PreferenceServiceClient,
        exports: ExportServiceClient,
        server: ServerServiceClient,
    }

    /// Returns the daemon's address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn error(&self, status: Status) -> Error {
        Error::from(status).at(&self.address)
    }

    /// Begins to read a capture: a file of the store (`files/` may be left out), or
    /// `captures/ID`, or `sessions/ID`.
    pub fn read(&self, name: &str) -> Dissection {
        Dissection::new(self.clone(), name)
    }

    /// Compiles a display filter.
    ///
    /// # Errors
    /// [`Error::Call`] with the reason `DISPLAY_FILTER_INVALID` and the place that is
    /// wrong.
    pub async fn check_filter(&self, filter: &str) -> Result<v1::CompileFilterResponse> {
        let request = v1::CompileFilterRequest { filter: filter.to_owned(), ..Default::default() };
        let compiled = self.filters().compile_filter(request).await;
        let compiled = compiled.map_err(|status| self.error(status))?.into_inner();
        if compiled.valid {
            return Ok(compiled);
        }
        let diagnostics = compiled.diagnostics.into_iter();
        let diagnostic = diagnostics.max_by_key(|d| d.severity == FilterSeverity::Error as i32);
        let diagnostic = diagnostic.unwrap_or_default();
        let failure = v1::Failure {
            reason: "DISPLAY_FILTER_INVALID".to_owned(),
            message: diagnostic.message,
            metadata: [("filter".to_owned(), compiled.expanded_filter)].into(),
            span: diagnostic.span,
        };
        let code = Some(tonic::Code::InvalidArgument);
        Err(Error::Call(Box::new(Failure { code, ..failure.into() })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_default_host_and_port() {
        for (address, uri) in [
            ("", "http://localhost:50051"),
            ("lab", "http://lab:50051"),
            (":7", "http://localhost:7"),
            ("lab:7", "http://lab:7"),
            ("http://lab:7/", "http://lab:7"),
            ("::1", "http://[::1]:50051"),
            ("[::1]", "http://[::1]:50051"),
            ("[::1]:7", "http://[::1]:7"),
            ("unix:/run/socket", "unix:///run/socket"),
            ("unix:///run/socket", "unix:///run/socket"),
            ("/run/socket", "unix:///run/socket"),
        ] {
            assert_eq!(uri_of(address, false).unwrap(), uri, "{address}");
        }
        assert_eq!(uri_of("https://lab", true).unwrap(), "https://lab:50051");
        assert!(uri_of("http://lab", true).is_err());
        assert!(uri_of("unix:/run/socket", true).is_err());
    }

    #[test]
    fn a_token_file_may_have_comments() {
        assert_eq!(first_token("# mine\n\n abc \ndef\n").unwrap(), "abc");
        assert!(first_token("# none\n").is_err());
        assert!(header_of("two words").is_err());
    }
}
