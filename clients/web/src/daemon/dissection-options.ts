// SPDX-License-Identifier: Apache-2.0

/**
 * How the capture is dissected, as the address has it, so that a link shows the same:
 * `profile=Classic&decode-as=tcp.port==8080,http&prefs=tcp.desegment_tcp_streams:FALSE`.
 */
import { computed } from "@preact/signals";
import type { Dissection } from "@dissectd/client";
import { address, setQuery } from "../app/address.js";

/** A rule as tshark's `-d TABLE==SELECTOR,PROTOCOL` has it. */
export interface DecodeAsRule {
  readonly table: string;
  /** The key in the table; empty if the table has none. */
  readonly selector: string;
  readonly protocol: string;
}

export interface PreferenceValue {
  readonly name: string;
  readonly value: string;
}

export interface DissectionOptions {
  /** The profile to begin with; empty for the daemon's. */
  readonly profile: string;
  readonly decodeAs: readonly DecodeAsRule[];
  /** Preferences that differ from the profile's. */
  readonly preferences: readonly PreferenceValue[];
}

type Query = Readonly<Record<string, string | undefined>>;

// What separates the parts is escaped in them.
function escaped(text: string): string {
  return text.replace(/[%;:,=]/g, encodeURIComponent);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parseRule(text: string): DecodeAsRule[] {
  const [, table, selector = "", protocol] = /^([^=,]+)(?:==([^,]*))?,(.+)$/.exec(text) ?? [];
  if (!table || !protocol) return [];
  return [
    { table: unescaped(table), selector: unescaped(selector), protocol: unescaped(protocol) },
  ];
}

function formatRule({ table, selector, protocol }: DecodeAsRule): string {
  const key = selector && `==${escaped(selector)}`;
  return `${escaped(table)}${key},${escaped(protocol)}`;
}

function parsePreference(text: string): PreferenceValue[] {
  const [, name, value = ""] = /^([^:]+):(.*)$/s.exec(text) ?? [];
  return name ? [{ name: unescaped(name), value: unescaped(value) }] : [];
}

/** Reads the options from the values of an address. What isn't understood is left out. */
export function parseDissection(query: Query): DissectionOptions {
  const listOf = (name: string): string[] => (query[name] ?? "").split(";");
  return {
    profile: query["profile"] ?? "",
    decodeAs: listOf("decode-as").flatMap(parseRule),
    preferences: listOf("prefs").flatMap(parsePreference),
  };
}

/** Returns the values of an address that has the options. */
export function formatDissection(options: DissectionOptions): Query {
  const { profile, decodeAs, preferences } = options;
  const texts = preferences.map(({ name, value }) => `${escaped(name)}:${escaped(value)}`);
  return {
    profile: profile || undefined,
    "decode-as": decodeAs.map(formatRule).join(";") || undefined,
    prefs: texts.join(";") || undefined,
  };
}

/** Returns the options as requests have them. */
export function messageOf({
  profile,
  decodeAs,
  preferences,
}: DissectionOptions): NonNullable<Dissection["dissection"]> {
  return { profile, decodeAs: [...decodeAs], preferences: [...preferences] };
}

// The address changes often, the options in it don't.
const text = computed(() => JSON.stringify(formatDissection(parseDissection(address.value.query))));

/** The options that the address has. */
export const dissectionOptions = computed(() => parseDissection(JSON.parse(text.value) as Query));

/** Changes options, which reads the capture again with them. */
export function changeDissection(changes: Partial<DissectionOptions>): void {
  setQuery(formatDissection({ ...dissectionOptions.peek(), ...changes }));
}

/** Sets preferences besides those that are set. */
export function setPreferences(values: readonly PreferenceValue[]): void {
  const { preferences } = dissectionOptions.peek();
  const names = new Set(values.map(({ name }) => name));
  // A table has a preference for each of its rows, with one name.
  const kept = preferences.filter(({ name }) => name.startsWith("uat:") || !names.has(name));
  changeDissection({ preferences: [...kept, ...values] });
}

type DecodeAsKey = Omit<DecodeAsRule, "protocol">;

function isKey({ table, selector }: DecodeAsKey): (rule: DecodeAsRule) => boolean {
  return (rule) => rule.table === table && rule.selector === selector;
}

/** Returns the protocol that a rule of the address has for a key; undefined without a rule. */
export function decodedAs(key: DecodeAsKey): string | undefined {
  return dissectionOptions.value.decodeAs.find(isKey(key))?.protocol;
}

/** Removes the decode-as rule that a key has. */
export function removeDecodeAs(key: DecodeAsKey): void {
  const isIts = isKey(key);
  const { decodeAs } = dissectionOptions.peek();
  changeDissection({ decodeAs: decodeAs.filter((rule) => !isIts(rule)) });
}

/** Adds a decode-as rule, which replaces the one that its key has. */
export function addDecodeAs(rule: DecodeAsRule): void {
  const isIts = isKey(rule);
  const kept = dissectionOptions.peek().decodeAs.filter((other) => !isIts(other));
  changeDissection({ decodeAs: [...kept, rule] });
}
