// SPDX-License-Identifier: Apache-2.0

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { promisify } from "node:util";

/** Sends datagrams to a port of this machine that nobody else uses. */
export class Traffic implements AsyncDisposable {
  private constructor(
    private readonly receiver: Socket,
    private readonly sender: Socket,
  ) {}

  static async start(): Promise<Traffic> {
    const receiver = createSocket("udp4");
    receiver.bind(0, "127.0.0.1");
    await once(receiver, "listening");
    return new Traffic(receiver, createSocket("udp4"));
  }

  get port(): number {
    return this.receiver.address().port;
  }

  async send(count: number): Promise<void> {
    const send = promisify<string, number, string, number>(this.sender.send.bind(this.sender));
    for (let sent = 0; sent < count; ++sent) await send("packet", this.port, "127.0.0.1");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [this.receiver, this.sender].map((socket) => promisify(socket.close.bind(socket))()),
    );
  }
}
