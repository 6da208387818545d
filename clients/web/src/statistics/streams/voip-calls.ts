// SPDX-License-Identifier: Apache-2.0

/** VoIP calls, and which packets belong to them. */
import type { Session } from "@dissectd/client";
import type { ReportResult, VoipCall } from "@dissectd/client/api";
import { filterOf } from "../../packets/filters.js";
import type { TableColumn } from "../../ui/table.js";
import { secondsOf } from "../numbers.js";

export function callsOf(parts: readonly ReportResult[]): VoipCall[] {
  return parts.flatMap(({ table }) => (table.case === "voipCalls" ? table.value.calls : []));
}

function time(title: string, of: (call: VoipCall) => number): TableColumn<VoipCall> {
  return { title, value: of, show: (call) => of(call).toFixed(6) };
}

/** The columns of Wireshark's list. */
export const CALL_COLUMNS: readonly TableColumn<VoipCall>[] = [
  time("Start Time", ({ start }) => secondsOf(start)),
  time("Stop Time", ({ stop }) => secondsOf(stop)),
  { title: "Initial Speaker", value: ({ initialSpeaker }) => initialSpeaker },
  { title: "From", value: ({ from }) => from },
  { title: "To", value: ({ to }) => to },
  { title: "Protocol", value: ({ protocol }) => protocol },
  time("Duration", ({ start, stop }) => Number((secondsOf(stop) - secondsOf(start)).toFixed(9))),
  { title: "Packets", value: ({ packets }) => packets },
  { title: "State", value: ({ state }) => state },
  { title: "Comments", value: ({ comment }) => comment },
];

export function callName({ protocol, index, from, to }: VoipCall): string {
  return `${protocol} call ${String(index + 1)} from ${from || "?"} to ${to || "?"}`;
}

interface Signalling {
  /** The display filter for its packets. */
  readonly protocols: string;
  /** A field whose value the packets of a call share, if there is one. */
  readonly id?: string;
}

// By what the daemon calls the protocol of a call.
const SIGNALLING: Readonly<Record<string, Signalling>> = {
  SIP: { protocols: "sip", id: "sip.Call-ID" },
  "H.323": { protocols: "h225 || q931 || h245", id: "q931.call_ref" },
  AC_ISDN: { protocols: "q931", id: "q931.call_ref" },
  ISUP: { protocols: "isup", id: "isup.cic" },
  MGCP: { protocols: "mgcp" },
  SKINNY: { protocols: "skinny", id: "skinny.callReference" },
  "H.248": { protocols: "megaco || h248" },
  IAX2: { protocols: "iax2" },
  UNISTIM: { protocols: "unistim" },
  AC_CAS: { protocols: "actrace" },
};

function framesOf({ firstFrame, lastFrame }: VoipCall): string {
  return `frame.number >= ${String(firstFrame)} && frame.number <= ${String(lastFrame)}`;
}

const MOST_DESCRIPTIONS = 1000;

/** Returns the filter for media that the packets of a call have announced; empty for none. */
async function mediaFilter(session: Session, signalling: string): Promise<string> {
  const { frames } = await session.page({
    filter: `(${signalling}) && sdp`,
    columns: ["number"],
    limit: MOST_DESCRIPTIONS,
  });
  const numbers = frames.map(({ number }) => String(number));
  return numbers.length > 0 ? `rtp.setup-frame in {${numbers.join(", ")}}` : "";
}

/**
 * Returns the display filter for the packets of a call. Those of SIP have its name, and
 * announce its media; of other calls, packets between the first and the last one are taken.
 */
export async function callFilter(session: Session, call: VoipCall): Promise<string> {
  const { protocols, id } = SIGNALLING[call.protocol] ?? { protocols: "" };
  const first = id && (await session.frame(call.firstFrame, { fields: [id] })).node(id);
  const same = first ? filterOf(first) : undefined;
  if (call.protocol === "SIP" && same !== undefined) {
    const media = await mediaFilter(session, same);
    return media ? `${same} || ${media}` : same;
  }
  const signalling = same ?? (protocols && `(${protocols})`);
  return [framesOf(call), signalling].filter((term) => term !== "").join(" && ");
}
