// SPDX-License-Identifier: Apache-2.0

import type { Client as ServiceClient } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { sha256 } from "@noble/hashes/sha2.js";
import { DissectdError, NotFoundError } from "./errors.js";
import type { FileService, Upload } from "./gen/dissectd/v1/file_pb.js";
import { checkOptions, type NamesOf } from "./options.js";
import { DEFAULT_RETRY_MS, isTransient, Retry } from "./retry.js";

const CHUNK_BYTES = 1 << 20;

/** A local file, of which a part is in memory at a time. */
export interface LocalFile {
  readonly name: string;
  readonly size: number;
  /** Returns the bytes from `start` to before `end`, or to the end of the file. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** Returns the SHA-256 hash of the content, if there is a quick way. */
  sha256?(): Promise<Uint8Array>;
}

/** How far an upload is. */
export interface UploadProgress {
  /** The resource name of the upload, `uploads/{id}`, for `resume`. */
  readonly upload: string;
  /** The bytes that the daemon has stored. */
  readonly bytes: number;
  readonly total: number;
}

export interface UploadOptions {
  /** The name in the store; by default that of the file. */
  name?: string;
  onProgress?: (progress: UploadProgress) => void;
  signal?: AbortSignal;
  /**
   * Goes on with this upload, of which the daemon has a part. If it has forgotten it, the
   * upload begins again.
   */
  resume?: string;
  /** Leaves the part that was sent at the daemon if the upload fails, for `resume`. */
  keepUnfinished?: boolean;
}

const UPLOAD_NAMES: NamesOf<UploadOptions> = {
  name: true,
  onProgress: true,
  signal: true,
  resume: true,
  keepUnfinished: true,
};

/** Returns a file of a browser, or bytes, as a local file. */
export function localFile(file: Blob | Uint8Array<ArrayBuffer>, name?: string): LocalFile {
  const blob = file instanceof Uint8Array ? new Blob([file]) : file;
  return {
    name: name ?? ("name" in blob && typeof blob.name === "string" ? blob.name : "capture"),
    size: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}

async function hashOf(file: LocalFile, signal?: AbortSignal): Promise<Uint8Array> {
  if (file.sha256) return file.sha256();
  const hash = sha256.create();
  for (let start = 0; start < file.size; start += CHUNK_BYTES) {
    signal?.throwIfAborted();
    hash.update(await file.read(start, start + CHUNK_BYTES));
  }
  return hash.digest();
}

function mayGoOn(error: unknown): error is DissectdError {
  if (!(error instanceof DissectdError)) return false;
  const outOfStep = error.reason === "UPLOAD_OFFSET_MISMATCH" || error.code === Code.Aborted;
  return outOfStep || isTransient(error);
}

/** Sends one file in chunks, and goes on where a broken call ended. */
class Uploader {
  private readonly retry = new Retry(DEFAULT_RETRY_MS);

  constructor(
    private readonly files: ServiceClient<typeof FileService>,
    private readonly file: LocalFile,
    private readonly options: UploadOptions,
  ) {}

  async sendAll(begun: Upload): Promise<string> {
    let upload = begun;
    if (upload.file !== "" || upload.committedBytes > 0n) this.report(upload);
    while (upload.file === "") {
      try {
        upload = await this.sendChunk(upload);
        this.retry.progress();
      } catch (error) {
        this.options.signal?.throwIfAborted();
        if (!mayGoOn(error)) throw error;
        upload = await this.afterPause(error, upload);
      }
      this.report(upload);
    }
    return upload.file;
  }

  private get call(): { signal?: AbortSignal } {
    return this.options.signal ? { signal: this.options.signal } : {};
  }

  private report(upload: Upload): void {
    const bytes = upload.file === "" ? Number(upload.committedBytes) : this.file.size;
    this.options.onProgress?.({ upload: upload.name, bytes, total: this.file.size });
  }

  private async sendChunk({ name, committedBytes }: Upload): Promise<Upload> {
    const start = Number(committedBytes);
    const data = await this.file.read(start, Math.min(start + CHUNK_BYTES, this.file.size));
    const finish = start + data.length >= this.file.size;
    if (data.length === 0 && !finish) throw new Error(`${this.file.name} became shorter.`);
    const request = { name, offset: committedBytes, data, finish };
    const { upload } = await this.files.appendUpload(request, this.call);
    if (upload === undefined) throw new Error("The daemon's answer has no upload.");
    return upload;
  }

  /** Returns what has arrived of an upload after a call failed. */
  private async afterPause(error: DissectdError, upload: Upload): Promise<Upload> {
    await this.retry.wait(error, this.options.signal);
    try {
      return (await this.files.getUpload({ name: upload.name }, this.call)).upload ?? upload;
    } catch (failure) {
      if (mayGoOn(failure)) return upload;
      throw failure;
    }
  }
}

/** Returns the upload to go on with, if there is one and the daemon still knows it. */
async function found(
  files: ServiceClient<typeof FileService>,
  { resume, signal }: UploadOptions,
): Promise<Upload | undefined> {
  if (resume === undefined) return undefined;
  try {
    return (await files.getUpload({ name: resume }, signal ? { signal } : {})).upload;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

async function begin(
  files: ServiceClient<typeof FileService>,
  file: LocalFile,
  { name, signal }: UploadOptions,
): Promise<Upload> {
  const sha256 = await hashOf(file, signal);
  const request = { fileName: name ?? file.name, sha256 };
  const { upload } = await files.createUpload(request, signal ? { signal } : {});
  if (upload === undefined) throw new Error("The daemon's answer has no upload.");
  return upload;
}

/** Uploads a file, unless the daemon has it already. Returns its resource name. */
export async function uploadFile(
  files: ServiceClient<typeof FileService>,
  file: LocalFile,
  options: UploadOptions,
): Promise<string> {
  checkOptions(options, UPLOAD_NAMES);
  const upload = (await found(files, options)) ?? (await begin(files, file, options));
  try {
    return await new Uploader(files, file, options).sendAll(upload);
  } catch (error) {
    // The daemon deletes what is left if this doesn't reach it.
    if (options.keepUnfinished) throw error;
    await files.deleteUpload({ name: upload.name }).catch(() => undefined);
    throw error;
  }
}
