// SPDX-License-Identifier: Apache-2.0

/** For Node, over gRPC. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { connect as connectSocket } from "node:net";
import { basename } from "node:path";
import type { SecureClientSessionOptions } from "node:http2";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { isLocal, parseAddress, placeOf, type ServerAddress } from "./address.js";
import { Client } from "./client.js";
import { checkOptions, type NamesOf } from "./options.js";
import type { StoredFile } from "./stored-file.js";
import { type Token, tokenSender } from "./token.js";
import { placeInErrors } from "./unreachable.js";
import type { UploadOptions } from "./upload.js";

export * from "./index.js";
export type { Token } from "./token.js";

const DEFAULT_KEEPALIVE_MS = 30_000;

/** Certificates and keys, as texts in PEM. */
export interface TlsOptions {
  /** The authorities to trust; by default those of Node. */
  ca?: string;
  /** The client's own certificate and its key. */
  certificate?: string;
  key?: string;
  /** The name in the daemon's certificate, if it isn't the host's. */
  serverName?: string;
}

export interface ConnectOptions {
  /** TLS, by default only with `https://` addresses. */
  tls?: boolean | TlsOptions;
  token?: Token;
  /**
   * The milliseconds of silence after which the daemon is asked whether it is there. It
   * has half of them to answer. Daemons accept a question every five seconds; the
   * default is half a minute.
   */
  keepaliveMs?: number;
}

const TLS_NAMES: NamesOf<TlsOptions> = {
  ca: true,
  certificate: true,
  key: true,
  serverName: true,
};

const CONNECT_NAMES: NamesOf<ConnectOptions> = { tls: true, token: true, keepaliveMs: true };

function fromEnvironment(): ConnectOptions {
  const read = (variable: string): string | undefined => {
    const path = process.env[variable];
    return path ? readFileSync(path, "utf8") : undefined;
  };
  const tls = {
    ca: read("DISSECTD_TLS_CA"),
    certificate: read("DISSECTD_TLS_CERTIFICATE"),
    key: read("DISSECTD_TLS_KEY"),
    serverName: process.env["DISSECTD_TLS_SERVER_NAME"] || undefined,
  };
  const given = Object.entries(tls).filter(([, value]) => value !== undefined);
  const token = process.env["DISSECTD_TOKEN"] || read("DISSECTD_TOKEN_FILE")?.split("\n")[0];
  return {
    ...(given.length > 0 && { tls: Object.fromEntries(given) }),
    ...(token && { token }),
  };
}

function sessionOptions(address: ServerAddress, tls: TlsOptions): SecureClientSessionOptions {
  const { socket } = address;
  if (socket !== undefined) return { createConnection: () => connectSocket(socket) };
  return {
    ...(tls.ca !== undefined && { ca: tls.ca }),
    ...(tls.certificate !== undefined && { cert: tls.certificate }),
    ...(tls.key !== undefined && { key: tls.key }),
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
  };
}

function checkSecurity(address: ServerAddress, usesTls: boolean, token?: Token): void {
  if (usesTls && address.socket !== undefined) {
    throw new TypeError(`TLS isn't for ${placeOf(address)}: leave the options about TLS out.`);
  }
  if (token !== undefined && !usesTls && !isLocal(address)) {
    const { authority } = address;
    throw new TypeError(
      `The token isn't sent to ${authority} without TLS, as others could read it.`,
    );
  }
}

/** A connection of Node to a daemon. */
export class NodeClient extends Client {
  /** Uploads a file of this machine; see {@link Client.upload}. */
  async uploadPath(path: string, options: UploadOptions = {}): Promise<StoredFile> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const read = async (start: number, end: number): Promise<Uint8Array> => {
        const buffer = new Uint8Array(Math.min(end, size) - start);
        const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
        return buffer.subarray(0, bytesRead);
      };
      const sha256 = async (): Promise<Uint8Array> => {
        const hash = createHash("sha256");
        const content = file.createReadStream({ autoClose: false, start: 0 });
        for await (const chunk of content) hash.update(chunk as Uint8Array);
        return hash.digest();
      };
      return await this.upload({ name: basename(path), size, read, sha256 }, options);
    } finally {
      await file.close();
    }
  }
}

/**
 * Returns a client for a daemon at `HOST:PORT`, `https://HOST:PORT` or `unix:/PATH`.
 * Without an address, the variable `DISSECTD_SERVER` has it, and those about TLS and
 * tokens that dissectctl knows count; without that it is `localhost:50051`.
 *
 * No connection is made before the first call.
 */
export function connect(server?: string, options: ConnectOptions = {}): NodeClient {
  checkOptions(options, CONNECT_NAMES);
  if (typeof options.tls === "object") checkOptions(options.tls, TLS_NAMES);
  const address = parseAddress(server ?? (process.env["DISSECTD_SERVER"] || "localhost"));
  const settings = server === undefined ? { ...fromEnvironment(), ...options } : options;
  const usesTls = address.tls || Boolean(settings.tls);
  const { token, keepaliveMs = DEFAULT_KEEPALIVE_MS } = settings;
  checkSecurity(address, usesTls, token);
  const baseUrl = `${usesTls ? "https" : "http"}://${address.authority}`;
  const connection = new Http2SessionManager(
    baseUrl,
    { pingIntervalMs: keepaliveMs, pingTimeoutMs: keepaliveMs / 2 },
    sessionOptions(address, typeof settings.tls === "object" ? settings.tls : {}),
  );
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager: connection,
    acceptCompression: [],
    interceptors: [
      ...(token === undefined ? [] : [tokenSender(token)]),
      placeInErrors({ address: placeOf(address), usesTls }),
    ],
  });
  return new NodeClient(transport, () => {
    connection.abort();
  });
}
