// SPDX-License-Identifier: Apache-2.0

import type { DescMessage } from "@bufbuild/protobuf";

/** The names of all options. TypeScript sees to it that none is missing. */
export type NamesOf<Options> = Readonly<Record<keyof Options, true>>;

/**
 * Refuses options with other names. TypeScript does so for literals only, and in
 * JavaScript a filter that is spelled wrong would mean all frames.
 */
export function checkOptions(options: unknown, names: object): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`Options are an object, not ${JSON.stringify(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    const known = Object.keys(names).join(", ");
    throw new TypeError(`There is no option "${name}" here. The options are: ${known}.`);
  }
}

/** Refuses options that a message doesn't have. */
export function checkMessage(options: object, { members }: DescMessage): void {
  const names = members.map(({ localName }) => [localName, true] as const);
  checkOptions(options, { ...Object.fromEntries(names), $typeName: true, $unknown: true });
}
