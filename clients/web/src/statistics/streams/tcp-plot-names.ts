// SPDX-License-Identifier: Apache-2.0

/** In the order of the keys 1 to 5 that choose them in Wireshark. */
export const TCP_PLOTS = [
  { name: "rtt", title: "Round Trip Time" },
  { name: "throughput", title: "Throughput" },
  { name: "stevens", title: "Time / Sequence (Stevens)" },
  { name: "tcptrace", title: "Time / Sequence (tcptrace)" },
  { name: "window", title: "Window Scaling" },
] as const;
export type TcpPlotName = (typeof TCP_PLOTS)[number]["name"];
