// SPDX-License-Identifier: Apache-2.0

/** Services of this machine that talk with it as they do on networks: HTTP and DNS. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const HTTP_PORT = 8080;
const DNS_PORT = 53;
// Loopback has all addresses that begin with 127.
const WEB_SERVER = "127.0.0.2";
const NAME_SERVER = "127.0.0.3";
const USERS = ["127.0.0.11", "127.0.0.12", "127.0.0.13"];
const NAMES = ["www.example.com", "api.example.com", "mail.example.org", "cdn.example.net"];
const PATHS = ["/", "/style.css", "/logo.png", "/api/orders", "/missing"];
const HEADER_BYTES = 12;
const PAUSE_MS = 40;

/** Returns a question for the IPv4 address of a name. */
function question(id: number, name: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(0x0100, 2);
  header.writeUInt16BE(1, 4);
  const labels = name.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}

/** Returns the answer to a question: an address of those that are for documentation. */
function answer(asked: Buffer): Buffer {
  const header = Buffer.from(asked.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 6);
  const address = [192, 0, 2, asked.readUInt16BE(0) % 200];
  const record = Buffer.from([0xc0, HEADER_BYTES, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, ...address]);
  return Buffer.concat([header, asked.subarray(HEADER_BYTES), record]);
}

function serveHttp(): Server {
  return createServer(({ url = "" }, response) => {
    response.writeHead(url === "/missing" ? 404 : 200, { "content-type": "text/plain" });
    response.end("x".repeat(200 + url.length * 300));
  }).listen(HTTP_PORT, WEB_SERVER);
}

function serveDns(): Socket {
  const socket = createSocket("udp4").bind(DNS_PORT, NAME_SERVER);
  return socket.on("message", (asked, { port, address }) => {
    socket.send(answer(asked), port, address);
  });
}

/** A web server and a name server on loopback, and users of both. */
export class Services implements AsyncDisposable {
  /** Capture filters for their packets. */
  static readonly filters = {
    web: `tcp port ${String(HTTP_PORT)}`,
    names: `udp port ${String(DNS_PORT)}`,
  };
  private isInUse = true;
  private readonly resolvers = USERS.map((address) => createSocket("udp4").bind(0, address));
  private readonly uses: readonly Promise<void>[];

  private constructor(
    private readonly http: Server,
    private readonly dns: Socket,
  ) {
    this.uses = USERS.map((_, user) => this.useOn(user));
  }

  /** Starts them, and lets users use them until they are disposed of. */
  static async start(): Promise<Services> {
    const [http, dns] = [serveHttp(), serveDns()];
    await Promise.all([once(http, "listening"), once(dns, "listening")]);
    return new Services(http, dns);
  }

  private async useOn(user: number): Promise<void> {
    for (let time = user; this.isInUse; ++time) {
      await this.use(user, time);
      // More and less, as on a day.
      await sleep(PAUSE_MS * (1.5 + Math.sin(time / 60) + Math.random()));
    }
  }

  /** Asks for a name, and fetches something. */
  private async use(user: number, time: number): Promise<void> {
    const name = NAMES[time % NAMES.length] ?? "";
    this.resolvers[user]?.send(question(time % 65_536, name), DNS_PORT, NAME_SERVER);
    const asked = request({
      port: HTTP_PORT,
      host: WEB_SERVER,
      localAddress: USERS[user],
      path: PATHS[time % PATHS.length] ?? "/",
      headers: { host: name },
    }).end();
    const [response] = (await once(asked, "response")) as [NodeJS.ReadableStream];
    response.resume();
    await once(response, "end");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isInUse = false;
    await Promise.all(this.uses);
    for (const socket of [this.dns, ...this.resolvers]) socket.close();
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, "close");
  }
}
