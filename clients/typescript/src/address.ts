// SPDX-License-Identifier: Apache-2.0

const DEFAULT_PORT = 50051;

/** Where a daemon listens. */
export interface ServerAddress {
  /** The host, in brackets if it is an IPv6 address, and the port. */
  readonly authority: string;
  /** Whether the address itself asks for TLS. */
  readonly tls: boolean;
  /** The path of a Unix socket. */
  readonly socket?: string;
}

function wrong(text: string): TypeError {
  return new TypeError(
    `"${text}" isn't the address of a daemon. Give HOST:PORT, HOST (with port ` +
      `${String(DEFAULT_PORT)}), or unix:/PATH.`,
  );
}

/** Parses an address as dissectctl does. */
export function parseAddress(text: string): ServerAddress {
  const socket = /^(?:unix:(?:\/\/)?)?(\/.+)$/.exec(text)?.[1];
  if (socket !== undefined) return { authority: "localhost", tls: false, socket };
  const parts = /^(https?:\/\/)?(?:\[([^\]]*)\]|([^:/]*))?(?::(\d+))?\/?$/.exec(text);
  const [, scheme, bracketed, host, port] = parts ?? [
    undefined,
    undefined,
    /^[\da-f:]+$/i.exec(text)?.[0],
  ];
  if (parts === null && bracketed === undefined) throw wrong(text);
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (number < 1 || number > 65535) throw wrong(text);
  const name = bracketed ? `[${bracketed}]` : host || "localhost";
  return { authority: `${name}:${String(number)}`, tls: scheme === "https://" };
}

/** Returns an address as people write it. */
export function placeOf({ authority, socket }: ServerAddress): string {
  return socket === undefined ? authority : `unix:${socket}`;
}

/** Returns whether nobody else can read what is sent to an address. */
export function isLocal({ authority, socket }: ServerAddress): boolean {
  return socket !== undefined || /^(localhost|127\.[\d.]+|\[::1\]):/.test(authority);
}
