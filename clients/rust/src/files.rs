// SPDX-License-Identifier: Apache-2.0

//! Uploads of files.

use std::path::Path;

use prost::bytes::Bytes;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use crate::client::Client;
use crate::dissection::Dissection;
use crate::error::{Error, Result};
use crate::v1;

/// The largest chunk that the daemon takes.
const CHUNK_BYTES: u64 = 1 << 20;

/// A file that was uploaded. It stays in the daemon's store until it is deleted.
#[derive(Clone)]
pub struct Upload {
    client: Client,
    name: String,
}

impl Client {
    /// Uploads a file of this machine.
    ///
    /// # Errors
    /// [`Error::File`] if it can't be read, [`Error::Call`] if the daemon refuses it.
    pub async fn upload(&self, path: impl AsRef<Path>) -> Result<Upload> {
        let path = path.as_ref();
        let wrong = |source| Error::File { path: path.to_owned(), source };
        let mut file = File::open(path).await.map_err(wrong)?;
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let request = v1::CreateUploadRequest { file_name, ..Default::default() };
        let created = self.files().create_upload(request).await;
        let created = created.map_err(|status| self.error(status))?.into_inner();
        let mut upload = created.upload.unwrap_or_default();
        loop {
            let mut data = Vec::new();
            (&mut file).take(CHUNK_BYTES).read_to_end(&mut data).await.map_err(wrong)?;
            // Only at the end there is less than a chunk.
            let finish = (data.len() as u64) < CHUNK_BYTES;
            upload = self.append(upload, data.into(), finish).await?;
            if finish {
                return Ok(Upload { client: self.clone(), name: upload.file });
            }
        }
    }

    async fn append(&self, upload: v1::Upload, data: Bytes, finish: bool) -> Result<v1::Upload> {
        let v1::Upload { name, committed_bytes: offset, .. } = upload;
        let request = v1::AppendUploadRequest { name, offset, data, finish };
        let appended = self.files().append_upload(request).await;
        let appended = appended.map_err(|status| self.error(status))?.into_inner();
        Ok(appended.upload.unwrap_or_default())
    }
}

impl Upload {
    /// Returns the resource name, `files/uploads/…`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Begins to read the file.
    pub fn read(&self) -> Dissection {
        self.client.read(&self.name)
    }

    /// Deletes the file.
    ///
    /// # Errors
    /// [`Error::Call`] if it was deleted already.
    pub async fn delete(self) -> Result<()> {
        let request = v1::DeleteFileRequest { name: self.name };
        let response = self.client.files().delete_file(request).await;
        response.map(drop).map_err(|status| self.client.error(status))
    }
}
