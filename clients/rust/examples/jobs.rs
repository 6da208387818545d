// SPDX-License-Identifier: Apache-2.0

//! Ten things that people do with a daemon: `jobs JOB ARGUMENT...`.

use std::collections::BTreeMap;
use std::env::args;
use std::process::ExitCode;
use std::time::Duration;

use dissectd::v1::ListInterfacesRequest;
use dissectd::{Client, Connector, Result, Value};
use serde_json::json;

async fn count(client: &Client, file: &str) -> Result<()> {
    // [job count]
    let mut counts = BTreeMap::new();
    let mut frames = client.read(file).columns(["%p"]).frames().await?;
    while let Some(frame) = frames.try_next().await? {
        *counts.entry(frame.column(0).to_owned()).or_insert(0) += 1;
    }
    for (protocol, count) in counts {
        println!("{protocol} {count}");
    }
    // [end]
    Ok(())
}

async fn dns(client: &Client, file: &str) -> Result<()> {
    // [job dns]
    let columns = ["%s", "%d", "%i"];
    let mut frames = client.read(file).filter("dns").columns(columns).frames().await?;
    while let Some(frame) = frames.try_next().await? {
        let [src, dst, info] = [0, 1, 2].map(|index| frame.column(index));
        println!("{}", json!({"src": src, "dst": dst, "info": info}));
    }
    // [end]
    Ok(())
}

async fn http(client: &Client, file: &str) -> Result<()> {
    // [job http]
    let fields = ["http.host", "http.request.uri"];
    let mut frames = client.read(file).filter("http.request").fields(fields).frames().await?;
    while let Some(frame) = frames.try_next().await? {
        let [host, uri] = fields.map(|name| frame.get(name).unwrap_or_default());
        println!("{} {host} {uri}", frame.time().unwrap_or_default());
    }
    // [end]
    Ok(())
}

async fn tree(client: &Client, file: &str, number: u32) -> Result<()> {
    // [job tree]
    let mut frames = client.read(file).numbers(number..=number).tree().frames().await?;
    while let Some(frame) = frames.try_next().await? {
        for node in frame.tree() {
            println!("{}{}", "  ".repeat(node.depth()), node.label().unwrap_or_default());
        }
    }
    // [end]
    Ok(())
}

async fn follow(client: &Client, file: &str, protocol: &str, stream: u32) -> Result<()> {
    // [job follow]
    let followed = client.follow(file, protocol, stream).await?;
    println!("{}", Value::Bytes(&followed.server));
    // [end]
    Ok(())
}

async fn live(client: &Client, port: &str) -> Result<()> {
    // [job live]
    let capture = client.capture("lo", &format!("udp port {port}")).await?;
    let ports = ["udp.srcport", "udp.dstport"];
    let mut frames = capture.read().fields(ports).limit(5).frames().await?;
    while let Some(frame) = frames.try_next().await? {
        let [from, to] = ports.map(|name| frame.get(name).unwrap_or_default());
        println!("{from} {to} {}", frame.original_length());
    }
    capture.stop().await?; // Returns when the capture has ended.
    println!("stopped");
    // [end]
    Ok(())
}

async fn interfaces(client: &Client) -> Result<()> {
    // [job interfaces]
    let answer = client.captures().list_interfaces(ListInterfacesRequest {}).await?;
    for interface in answer.into_inner().interfaces {
        println!("{} {}", interface.name, interface.addresses.join(","));
    }
    // [end]
    Ok(())
}

async fn wrong_filter(client: &Client, filter: &str) -> ExitCode {
    // [job wrong-filter]
    if let Err(error) = client.check_filter(filter).await {
        println!("{error}"); // error.span() has the place.
        return ExitCode::from(2);
    }
    // [end]
    ExitCode::SUCCESS
}

async fn upload(client: &Client, path: &str, filter: &str) -> Result<()> {
    // [job upload]
    let upload = client.upload(path).await?;
    let mut frames = upload.read().filter(filter).frames().await?;
    while frames.try_next().await?.is_some() {}
    println!("{}", frames.end().map_or(0, |end| end.frames_sent));
    upload.delete().await?;
    // [end]
    Ok(())
}

async fn rates(client: &Client, port: &str, seconds: u32) -> Result<()> {
    // [job rates]
    let capture = client.capture("lo", &format!("udp port {port}")).await?;
    let mut rates = capture.rates(Duration::from_secs(1)).await?;
    for _ in 0..seconds {
        let Some(rate) = rates.message().await? else { break };
        println!("{}", rate.counts.unwrap_or_default().packets);
    }
    capture.stop().await?;
    // [end]
    Ok(())
}

async fn run(arguments: &[&str]) -> Result<ExitCode> {
    let client = Connector::from_environment()?.connect().await?;
    let number = |text: &str| text.parse().expect("a number");
    match *arguments {
        ["count", file] => count(&client, file).await?,
        ["dns", file] => dns(&client, file).await?,
        ["http", file] => http(&client, file).await?,
        ["tree", file, frame] => tree(&client, file, number(frame)).await?,
        ["follow", file, kind, stream] => follow(&client, file, kind, number(stream)).await?,
        ["live", port] => live(&client, port).await?,
        ["interfaces"] => interfaces(&client).await?,
        ["wrong-filter", filter] => return Ok(wrong_filter(&client, filter).await),
        ["upload", path, filter] => upload(&client, path, filter).await?,
        ["rates", port, seconds] => rates(&client, port, number(seconds)).await?,
        _ => {
            eprintln!("usage: jobs JOB ARGUMENT...");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run(&arguments).await.unwrap_or_else(|error| {
        eprintln!("jobs: {error}");
        ExitCode::FAILURE
    })
}
