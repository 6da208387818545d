// SPDX-License-Identifier: Apache-2.0

/** What the dialog for a new capture asks for, and the options of the API that it means. */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  CaptureFormat,
  type CaptureOptions,
  CaptureOptionsSchema,
  type InterfaceOptionsSchema,
  type RingBufferSchema,
  type StopConditionsSchema,
} from "@dissectd/client/api";

/** How to capture from an interface. Numbers are text, as the user types them. */
export interface InterfaceChoice {
  readonly name: string;
  readonly filter: string;
  readonly linkType: string;
  readonly promiscuous: boolean;
  readonly monitor: boolean;
  readonly snaplen: string;
  readonly bufferMib: string;
}

export interface FileChoice {
  readonly name: string;
  readonly isPcap: boolean;
  readonly comment: string;
  /** Whether to create new files automatically; the next four say when. */
  readonly isRing: boolean;
  readonly nextPackets: string;
  readonly nextSizeKb: string;
  readonly nextSeconds: string;
  readonly nextInterval: string;
  /** The number of files of the ring buffer; empty keeps all. */
  readonly keptFiles: string;
}

export interface StopChoice {
  readonly packets: string;
  readonly files: string;
  readonly sizeKb: string;
  readonly seconds: string;
}

export interface CaptureChoice {
  readonly interfaces: readonly InterfaceChoice[];
  readonly file: FileChoice;
  readonly stop: StopChoice;
}

export const NO_CHOICE: CaptureChoice = {
  interfaces: [],
  file: {
    name: "",
    isPcap: false,
    comment: "",
    isRing: false,
    nextPackets: "",
    nextSizeKb: "",
    nextSeconds: "",
    nextInterval: "",
    keptFiles: "",
  },
  stop: { packets: "", files: "", sizeKb: "", seconds: "" },
};

export function choiceOf(name: string): InterfaceChoice {
  return {
    name,
    filter: "",
    linkType: "",
    promiscuous: true,
    monitor: false,
    snaplen: "",
    bufferMib: "",
  };
}

/** Returns why options can't be used; undefined if they can. */
export function problemOf({ interfaces, file }: CaptureChoice): string | undefined {
  if (interfaces.length === 0) return "Choose at least one interface.";
  const conditions = [file.nextPackets, file.nextSizeKb, file.nextSeconds, file.nextInterval];
  if (file.isRing && conditions.every((text) => text === "")) {
    return "Say after how many packets, kilobytes or seconds the next file begins.";
  }
  if (file.isPcap && interfaces.length > 1) {
    return "Packets of more than one interface need the format pcapng.";
  }
  if (file.comment && (file.isPcap || file.isRing)) {
    return "Only a single pcapng file can have a comment: remove it, or the other options.";
  }
  return undefined;
}

function whole(text: string): bigint {
  return BigInt(Math.round(Number(text)));
}

function duration(seconds: string): ReturnType<typeof durationFromMs> | undefined {
  return seconds ? durationFromMs(Number(seconds) * 1000) : undefined;
}

function interfaceOptions(
  choice: InterfaceChoice,
): MessageInitShape<typeof InterfaceOptionsSchema> {
  return {
    name: choice.name,
    captureFilter: choice.filter.trim(),
    linkType: choice.linkType,
    promiscuous: choice.promiscuous,
    monitorMode: choice.monitor,
    snapshotLength: Number(choice.snaplen),
    bufferMib: Number(choice.bufferMib),
  };
}

function ringOf(file: FileChoice): MessageInitShape<typeof RingBufferSchema> {
  const seconds = duration(file.nextSeconds);
  const interval = duration(file.nextInterval);
  return {
    files: Number(file.keptFiles),
    packets: whole(file.nextPackets),
    fileSizeKb: whole(file.nextSizeKb),
    ...(seconds && { duration: seconds }),
    ...(interval && { interval }),
  };
}

function stopOf(stop: StopChoice): MessageInitShape<typeof StopConditionsSchema> {
  const seconds = duration(stop.seconds);
  return {
    packets: whole(stop.packets),
    files: Number(stop.files),
    fileSizeKb: whole(stop.sizeKb),
    ...(seconds && { duration: seconds }),
  };
}

/** Returns the options of the API. */
export function optionsOf({ interfaces, file, stop }: CaptureChoice): CaptureOptions {
  return create(CaptureOptionsSchema, {
    interfaces: interfaces.map(interfaceOptions),
    stop: stopOf(stop),
    fileName: file.name.trim(),
    format: file.isPcap ? CaptureFormat.PCAP : CaptureFormat.PCAPNG,
    comment: file.comment,
    ...(file.isRing && { ring: ringOf(file) }),
  });
}
