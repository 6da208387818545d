// SPDX-License-Identifier: Apache-2.0

/** What a right click on a packet offers about the streams that it is in. */
import type { FrameStream } from "@dissectd/client/api";
import { reportItem } from "../app/capture-links.js";
import { TCP_PLOTS } from "../statistics/streams/tcp-plot-names.js";
import type { MenuItem } from "../ui/menu.js";

function followItem({ follower, stream, subStream }: FrameStream): MenuItem {
  return reportItem(`${follower} Stream ${String(stream)}`, {
    report: "follow",
    follower: follower.toLowerCase(),
    stream: String(stream),
    ...(subStream !== undefined && { substream: String(subStream) }),
  });
}

/** Returns the menus of a packet's streams: to follow them, and the graphs of one of TCP. */
export function streamMenus(frame: number, streams: readonly FrameStream[]): MenuItem[] {
  const tcp = streams.find(({ follower }) => follower === "TCP");
  const graphs = TCP_PLOTS.map(({ name, title }) =>
    reportItem(title, {
      report: "tcp-graphs",
      type: name,
      stream: String(tcp?.stream ?? 0),
      frame: String(frame),
    }),
  );
  return [
    ...(streams.length > 0 ? [{ label: "Follow", items: streams.map(followItem) }] : []),
    ...(tcp ? [{ label: "TCP Stream Graphs", items: graphs }] : []),
  ];
}
