// SPDX-License-Identifier: Apache-2.0

/**
 * What the page shows, as the address bar has it, so that a link shows somebody else the
 * same: `#/VIEW/SOURCE?NAME=VALUE`, for example `#/packets/files/dns.pcap?filter=dns&frame=2`.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";

/** The parts of the page. */
export const VIEWS = ["start", "packets", "live", "statistics"] as const;
export type View = (typeof VIEWS)[number];

export interface Address {
  readonly view: View;
  /** The resource that the view is about, such as `files/dns.pcap`; empty if there is none. */
  readonly source: string;
  readonly query: Readonly<Record<string, string>>;
}

function isView(text: string): text is View {
  return (VIEWS as readonly string[]).includes(text);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Reads the part of an address behind `#`. What isn't understood is the start. */
export function parseAddress(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split(/\?(.*)/s);
  const [view = "", ...names] = path.split("/");
  const source = names.map(decoded);
  if (!isView(view) || source.includes(undefined)) return { view: "start", source: "", query: {} };
  return {
    view,
    source: source.join("/"),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** Returns the address as text. Values that are empty are left out. */
export function formatAddress({ view, source, query }: Address): string {
  const path = source.split("/").map(encodeURIComponent).join("/");
  const values = Object.entries(query).filter(([, value]) => value !== "");
  const text = new URLSearchParams(values).toString();
  return `#/${view}${source && `/${path}`}${text && `?${text}`}`;
}

// What the user keeps from view to view: how the capture is dissected, its columns, and the
// packet that is selected.
const COMMON = ["profile", "decode-as", "prefs", "columns", "frame"];

/** Returns the address of another view of the capture that is shown, dissected the same. */
export function sameCapture(view: View, query: Address["query"]): Address {
  const { source, query: present } = current.value;
  const kept = Object.entries(present).filter(([name]) => COMMON.includes(name));
  return { view, source, query: { ...Object.fromEntries(kept), ...query } };
}

const current = signal<Address>({ view: "start", source: "", query: {} });

/** The address that is shown. */
export const address: ReadonlySignal<Address> = computed(() => current.value);

/** Follows the address bar from now on. */
export function followAddressBar(): void {
  const read = (): void => {
    current.value = parseAddress(location.hash);
  };
  addEventListener("hashchange", read);
  read();
}

/** Goes to an address; the browser's button leads back unless it replaces the current one. */
export function navigate(to: Address, { replace = false } = {}): void {
  const text = formatAddress(to);
  if (text === location.hash) return;
  if (replace) history.replaceState(null, "", text);
  else history.pushState(null, "", text);
  current.value = to;
}

/** Changes values of the address; `undefined` removes one. */
export function setQuery(
  values: Readonly<Record<string, string | undefined>>,
  options: { replace?: boolean } = {},
): void {
  const { query, ...rest } = current.value;
  const merged = Object.entries({ ...query, ...values }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  navigate({ ...rest, query: Object.fromEntries(merged) }, options);
}
