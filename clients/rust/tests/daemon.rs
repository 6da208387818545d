// SPDX-License-Identifier: Apache-2.0

//! Uses a real daemon, which may end, stall, or refuse.

use std::fs;
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::time::Duration;

use dissectd::tonic::Code;
use dissectd::{Connector, Error, Frames, v1};
use server::{Daemon, LIMIT, Network};
use tokio::time::{sleep, timeout};

mod server;

async fn count(mut frames: Frames) -> (u32, Option<Error>) {
    let mut count = 0;
    loop {
        match frames.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => return (count, None),
            Err(error) => return (count, Some(error)),
        }
    }
}

#[tokio::test]
async fn frames_have_columns_fields_trees_and_bytes() {
    let daemon = Daemon::start("parts").await;
    let client = daemon.connect().await;
    let dissection = client.read("dns.pcap").filter("dns.a").columns(["%s"]).numbers(2..);
    let mut frames = dissection.tree().bytes().limit(1).frames().await.unwrap();
    assert_eq!(frames.header().columns.len(), 1);
    let frame = frames.try_next().await.unwrap().unwrap();
    assert_eq!((frame.number(), frame.column(0)), (2, "192.0.2.2"));
    assert_eq!(frame.get("ip.src").unwrap().as_ip(), Some("192.0.2.2".parse().unwrap()));
    assert_eq!(frame.get("udp.srcport").unwrap().as_u64(), Some(53));
    assert_eq!(frame.get("dns.qry.name").unwrap().as_str(), Some("www.example.org"));
    assert_eq!(frame.get("tcp.port"), None);
    let node = frame.all("dns.a").next().unwrap();
    assert_eq!(node.label().unwrap(), "Address: 192.0.2.80");
    assert_eq!(node.bytes(), Some(&[192, 0, 2, 80][..]));
    assert_eq!(frame.data().len(), 102);
    assert_eq!(frame.sources().next().unwrap().name, "Frame (102 bytes)");
    assert!(frames.try_next().await.unwrap().is_none());
    assert_eq!(frames.end().unwrap().frames_sent, 1);
}

#[tokio::test]
async fn ranges_select_frames_by_number() {
    let daemon = Daemon::start("ranges").await;
    let client = daemon.connect().await;
    let all = client.read("dns.pcap").frames().await.unwrap();
    let (all, _) = count(all).await;
    let numbers = |range: (Bound<u32>, Bound<u32>)| client.read("dns.pcap").numbers(range).frames();
    for (range, expected) in [
        ((Unbounded, Unbounded), all),
        ((Included(3), Included(5)), 3),
        ((Excluded(3), Excluded(5)), 1),
        ((Included(0), Excluded(1)), 0),
        ((Unbounded, Included(0)), 0),
        ((Included(all), Unbounded), 1),
    ] {
        let (frames, error) = count(numbers(range).await.unwrap()).await;
        assert!(error.is_none());
        assert_eq!(frames, expected, "{range:?}");
    }
}

#[tokio::test]
async fn columns_of_batches_have_the_values_of_frames() {
    let daemon = Daemon::start("batches").await;
    let client = daemon.connect().await;
    let read = || client.read("dns.pcap").fields(["dns.a"]);
    let mut batches = read().batches().await.unwrap();
    let mut columnar = Vec::new();
    while let Some(batch) = batches.try_next().await.unwrap() {
        let column = batch.field("dns.a").unwrap();
        let rows = column.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>());
        columnar.extend(rows);
    }
    let mut frames = read().frames().await.unwrap();
    let mut compact = Vec::new();
    while let Some(frame) = frames.try_next().await.unwrap() {
        compact.push(frame.fields().map(|node| node.value().to_string()).collect::<Vec<_>>());
    }
    assert!(compact.iter().any(|row| row == &["192.0.2.80"]));
    assert_eq!(columnar, compact);
}

#[tokio::test]
async fn errors_have_reasons_and_places() {
    let daemon = Daemon::start("errors").await;
    let client = daemon.connect().await;
    let error = client.read("dns.pcap").filter("tcp && ip.adr").frames().await.err().unwrap();
    assert_eq!(error.reason(), "DISPLAY_FILTER_INVALID");
    assert_eq!(error.span(), Some(7..13));
    assert_eq!(error.failure().unwrap().code, Some(Code::InvalidArgument));
    let text = error.to_string();
    assert!(text.ends_with("\n    tcp && ip.adr\n           ^~~~~~"), "{text}");
    let checked = client.check_filter("tcp && ip.adr").await.unwrap_err();
    assert_eq!(checked.to_string(), text);
    assert!(client.check_filter("ip.addr == 192.0.2.1").await.is_ok());
    let error = client.read("none.pcap").frames().await.err().unwrap();
    assert_eq!(error.reason(), "FILE_NOT_FOUND");
}

#[tokio::test]
async fn a_file_that_is_cut_short_gives_its_frames_and_then_the_error() {
    let daemon = Daemon::start("damaged").await;
    let client = daemon.connect().await;
    let (frames, error) = count(client.read("cut-short.pcap").frames().await.unwrap()).await;
    assert!(frames > 0);
    let Some(Error::Damaged(failure)) = error else { panic!("{error:?}") };
    assert_eq!(failure.reason, "FILE_CUT_SHORT");
}

#[tokio::test]
async fn uploads_of_several_chunks_arrive_unchanged() {
    let daemon = Daemon::start("upload").await;
    let client = daemon.connect().await;
    // A capture file with records of nothing, whose size is a whole number of chunks.
    let header = fs::read(daemon.folder.join("store/dns.pcap")).unwrap();
    let mut content = header[..24].to_vec();
    content.resize(2 << 20, 0);
    content.drain(content.len() - 8..);
    let records = u32::try_from((content.len() - 24) / 16).unwrap();
    let path = daemon.folder.join("large.pcap");
    fs::write(&path, &content).unwrap();
    let upload = client.upload(&path).await.unwrap();
    assert!(upload.name().ends_with("/large.pcap"));
    let (frames, error) = count(upload.read().frames().await.unwrap()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(frames, records);
    let name = upload.name().to_owned();
    upload.delete().await.unwrap();
    let error = client.read(&name).frames().await.err().unwrap();
    assert_eq!(error.reason(), "FILE_NOT_FOUND");
    let missing = client.upload(daemon.folder.join("none")).await.err().unwrap();
    assert!(matches!(missing, Error::File { .. }), "{missing}");
}

#[tokio::test]
async fn a_killed_daemon_ends_streams_with_an_error_until_it_is_restarted() {
    let mut daemon = Daemon::start("killed").await;
    let client = daemon.connect().await;
    let capture = client.capture("lo", "udp port 9").await.unwrap();
    let frames = capture.read().frames().await.unwrap();
    daemon.kill();
    let (_, error) = timeout(LIMIT, count(frames)).await.unwrap();
    let error = error.unwrap();
    assert!(matches!(error, Error::Connection { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.starts_with(&format!("No connection to {}: ", daemon.address)), "{text}");
    let error = client.read("dns.pcap").frames().await.err().unwrap();
    assert!(matches!(error, Error::Connection { .. }), "{error:?}");
    let error = dissectd::connect(&daemon.address).await.err().unwrap();
    assert!(matches!(error, Error::Connection { .. }), "{error:?}");
    daemon.restart().await;
    assert!(client.read("dns.pcap").frames().await.is_ok());
}

#[tokio::test]
async fn a_stalled_network_ends_streams_with_an_error() {
    let daemon = Daemon::start("stalled").await;
    let network = Network::to(&daemon).await;
    let connector = Connector::new(&network.address.to_string());
    let client = connector.keepalive(Duration::ZERO).connect().await.unwrap();
    let capture = client.capture("lo", "udp port 9").await.unwrap();
    let frames = capture.read().frames().await.unwrap();
    network.stall();
    let (_, error) = timeout(LIMIT, count(frames)).await.unwrap();
    let error = error.unwrap();
    assert!(matches!(error, Error::Connection { .. }), "{error:?}");
}

#[tokio::test]
async fn a_dropped_stream_ends_the_use_of_its_capture() {
    let daemon = Daemon::start("dropped").await;
    let client = daemon.connect().await;
    let interface = v1::InterfaceOptions { name: "lo".into(), ..Default::default() };
    let request = v1::CreateCaptureRequest {
        options: Some(v1::CaptureOptions { interfaces: vec![interface], ..Default::default() }),
        // Ends the capture this long after the last use.
        idle_timeout: Some(dissectd::prost_types::Duration { seconds: 1, nanos: 0 }),
        ..Default::default()
    };
    let capture = client.create_capture(request).await.unwrap();
    let frames = capture.read().frames().await.unwrap();
    drop(frames);
    let watch = v1::ListCapturesRequest::default();
    let idle = async {
        loop {
            let list = client.captures().list_captures(watch.clone()).await.unwrap().into_inner();
            if let Some(stopped) = &list.captures[0].stopped {
                return stopped.reason();
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    assert_eq!(timeout(LIMIT, idle).await.unwrap(), v1::StopReason::Idle);
    capture.delete().await.unwrap();
}

#[tokio::test]
async fn a_token_is_sent_over_tls_until_it_expires() {
    let (daemon, connector) = Daemon::start_with_token("token").await;
    let client = connector.connect().await.unwrap();
    let (_, error) = count(client.read("dns.pcap").frames().await.unwrap()).await;
    assert!(error.is_none(), "{error:?}");
    let tokens = daemon.folder.join("tokens");
    let line = fs::read_to_string(&tokens).unwrap();
    fs::write(&tokens, format!("{} 2026-01-01T00:00:00Z\n", line.trim())).unwrap();
    let refusal = async {
        loop {
            match client.read("dns.pcap").frames().await {
                Ok(_) => sleep(Duration::from_millis(100)).await,
                Err(error) => return error,
            }
        }
    };
    let error = timeout(LIMIT, refusal).await.unwrap();
    assert_eq!(error.failure().unwrap().code, Some(Code::Unauthenticated));
    assert_eq!(error.reason(), "TOKEN_EXPIRED");
    assert!(error.to_string().contains("expired"), "{error}");
}

#[tokio::test]
async fn a_token_is_not_sent_to_other_machines_without_tls() {
    let error = Connector::new("192.0.2.1").token("abc").connect().await.err().unwrap();
    assert!(matches!(error, Error::Settings(_)), "{error}");
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_refused() {
    let (daemon, _) = Daemon::start_with_token("trust").await;
    let error = dissectd::connect(&format!("https://{}", daemon.address)).await.err().unwrap();
    assert!(matches!(error, Error::Connection { .. }), "{error:?}");
    assert!(error.to_string().contains("certificate"), "{error}");
}
