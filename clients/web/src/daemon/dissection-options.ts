// SPDX-License-Identifier: Apache-2.0

/**
 * How the capture is dissected, as the address has it, so that a link shows the same:
 * `profile=Classic&decode-as=tcp.port==8080,http&prefs=tcp.desegment_tcp_streams:FALSE`.
 */
import { computed } from "@preact/signals";
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

/** Adds decode-as rules; one for a key replaces the rule that the key has. */
export function addDecodeAs(rules: readonly DecodeAsRule[]): void {
  const keyOf = ({ table, selector }: DecodeAsRule): string => `${table}==${selector}`;
  const keys = new Set(rules.map(keyOf));
  const kept = dissectionOptions.peek().decodeAs.filter((rule) => !keys.has(keyOf(rule)));
  changeDissection({ decodeAs: [...kept, ...rules] });
}
