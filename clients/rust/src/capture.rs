// SPDX-License-Identifier: Apache-2.0

//! Captures from interfaces of the daemon's machine.

use std::time::Duration;

use crate::client::Client;
use crate::dissection::Dissection;
use crate::error::Result;
use crate::v1;

/// A capture that nobody uses ends after this time.
const IDLE_SECONDS: i64 = 30;

/// A capture of the daemon's.
#[derive(Clone)]
pub struct Capture {
    client: Client,
    name: String,
}

impl Client {
    /// Starts a capture from an interface, of the packets that pass a capture filter
    /// (empty for all). It ends by itself half a minute after nobody reads from it any
    /// more.
    ///
    /// # Errors
    /// [`Error::Call`](crate::Error::Call) if the daemon can't or may not capture.
    pub async fn capture(&self, interface: &str, capture_filter: &str) -> Result<Capture> {
        let interface = v1::InterfaceOptions {
            name: interface.to_owned(),
            capture_filter: capture_filter.to_owned(),
            ..Default::default()
        };
        let options = v1::CaptureOptions { interfaces: vec![interface], ..Default::default() };
        let idle_timeout =
            Some(prost_types::Duration { seconds: IDLE_SECONDS, ..Default::default() });
        let request =
            v1::CreateCaptureRequest { options: Some(options), idle_timeout, ..Default::default() };
        self.create_capture(request).await
    }

    /// Starts a capture with all options that the daemon has.
    ///
    /// # Errors
    /// As [`capture`](Self::capture).
    pub async fn create_capture(&self, request: v1::CreateCaptureRequest) -> Result<Capture> {
        let response = self.captures().create_capture(request).await;
        let response = response.map_err(|status| self.error(status))?.into_inner();
        let name = response.capture.unwrap_or_default().name;
        Ok(Capture { client: self.clone(), name })
    }
}

impl Capture {
    /// Returns the resource name, `captures/ID`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Begins to read the capture while it runs, from its first frame.
    pub fn read(&self) -> Dissection {
        self.client.read(&self.name)
    }

    /// Returns a stream with the packets of each interval.
    ///
    /// # Errors
    /// [`Error::Call`](crate::Error::Call), for example if the capture was deleted.
    pub async fn rates(
        &self,
        interval: Duration,
    ) -> Result<tonic::Streaming<v1::WatchCaptureStatisticsResponse>> {
        let request = v1::WatchCaptureStatisticsRequest {
            name: self.name.clone(),
            // A longer time than the type can express is refused by the daemon.
            interval: Some(
                interval
                    .try_into()
                    .unwrap_or(prost_types::Duration { seconds: i64::MAX, nanos: 0 }),
            ),
            ..Default::default()
        };
        let response = self.client.captures().watch_capture_statistics(request).await;
        Ok(response.map_err(|status| self.client.error(status))?.into_inner())
    }

    /// Stops the capture, and waits until all its packets are written. Its files stay.
    ///
    /// # Errors
    /// [`Error::Call`](crate::Error::Call), for example if the capture was deleted.
    pub async fn stop(&self) -> Result<v1::Capture> {
        let request = v1::StopCaptureRequest { name: self.name.clone(), ..Default::default() };
        let response = self.client.captures().stop_capture(request).await;
        let response = response.map_err(|status| self.client.error(status))?.into_inner();
        Ok(response.capture.unwrap_or_default())
    }

    /// Deletes the capture, which must have ended, with its files.
    ///
    /// # Errors
    /// [`Error::Call`](crate::Error::Call) if the capture runs.
    pub async fn delete(self) -> Result<()> {
        let request = v1::DeleteCaptureRequest { name: self.name.clone(), delete_files: true };
        let response = self.client.captures().delete_capture(request).await;
        response.map(drop).map_err(|status| self.client.error(status))
    }
}
