// SPDX-License-Identifier: Apache-2.0

import type { Client as ServiceClient } from "@connectrpc/connect";
import type { File, FileService } from "./gen/dissectd/v1/file_pb.js";

/** A file of the daemon's store. */
export class StoredFile implements AsyncDisposable {
  constructor(
    private readonly files: ServiceClient<typeof FileService>,
    /** The resource name, `files/{path}`. */
    readonly name: string,
  ) {}

  /** Returns its size and times. */
  async info(): Promise<File> {
    const { file } = await this.files.getFile({ name: this.name });
    if (file === undefined) throw new Error("The daemon's answer has no file.");
    return file;
  }

  /** Reads the bytes of the file. */
  async *read(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const call = signal ? { signal } : {};
    for await (const { data } of this.files.readFile({ name: this.name }, call)) yield data;
  }

  /** Deletes the file, if a client uploaded or exported it. */
  async delete(): Promise<void> {
    await this.files.deleteFile({ name: this.name });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.delete();
  }
}
