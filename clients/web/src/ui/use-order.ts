// SPDX-License-Identifier: Apache-2.0

import { useMemo, useState } from "preact/hooks";
import { address, setQuery } from "../app/address.js";

/** By which column the rows of a table are sorted. */
export interface Order {
  readonly column: number;
  readonly descending: boolean;
}

/** Reads an order as the address has it: the number of the column, negative if downwards. */
export function parseOrder(text: string | undefined): Order | undefined {
  const number = Number(text ?? "0");
  if (!Number.isSafeInteger(number) || number === 0) return undefined;
  return { column: Math.abs(number) - 1, descending: number < 0 };
}

export function formatOrder(order: Order | undefined): string | undefined {
  return order && `${order.descending ? "-" : ""}${String(order.column + 1)}`;
}

/**
 * What a table is sorted by. If that has a name in the address, a link shows the same;
 * otherwise the table alone knows.
 */
export function useOrder(
  name?: string,
): readonly [Order | undefined, (order: Order | undefined) => void] {
  const [own, setOwn] = useState<Order | undefined>(undefined);
  const text = name === undefined ? undefined : address.value.query[name];
  const named = useMemo(() => parseOrder(text), [text]);
  if (name === undefined) return [own, setOwn];
  return [
    named,
    (order): void => {
      setQuery({ [name]: formatOrder(order) }, { replace: true });
    },
  ];
}
