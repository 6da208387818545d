// SPDX-License-Identifier: Apache-2.0

import { once } from "node:events";
import {
  type AddressInfo,
  connect,
  createServer,
  type NetConnectOpts,
  type Server,
  type Socket,
} from "node:net";

/** A network between client and daemon that can fail, and counts what it carries. */
export class Proxy implements AsyncDisposable {
  /** The bytes that the daemon has sent through it. */
  received = 0;
  private stalled = false;
  private readonly clients = new Set<Socket>();
  private readonly server: Server;

  private constructor(daemon: NetConnectOpts) {
    this.server = createServer((client) => {
      this.join(client, connect(daemon));
    });
  }

  static async to(address: string): Promise<Proxy> {
    const [host = "", port] = address.split(":");
    const proxy = new Proxy(host === "unix" ? { path: port ?? "" } : { host, port: Number(port) });
    proxy.server.listen(0, "127.0.0.1");
    await once(proxy.server, "listening");
    return proxy;
  }

  get address(): string {
    const { port } = this.server.address() as AddressInfo;
    return `127.0.0.1:${String(port)}`;
  }

  private join(client: Socket, daemon: Socket): void {
    this.clients.add(client);
    for (const socket of [client, daemon]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.clients.delete(client);
        client.destroy();
        daemon.destroy();
      });
    }
    daemon.on("data", (data) => {
      this.received += data.length;
      if (!this.stalled && !client.write(data)) daemon.pause();
    });
    client.on("drain", () => daemon.resume());
    client.on("data", (data) => {
      if (!this.stalled) daemon.write(data);
    });
  }

  /** Breaks all connections. */
  cut(): void {
    for (const client of this.clients) client.resetAndDestroy();
  }

  /** Loses all that is sent from now on over connections that exist, or doesn't any more. */
  stall(stalled: boolean): void {
    this.stalled = stalled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, "close");
  }
}
