// SPDX-License-Identifier: Apache-2.0

/** The last things of many: beyond its capacity, a new one takes the place of the oldest. */
export class PacketRing<Item> {
  private readonly items: Item[] = [];
  private oldest = 0;
  private droppedCount = 0;

  constructor(readonly capacity: number) {}

  /** The number of things that it has. */
  get length(): number {
    return this.items.length;
  }

  /** The number of things that it had and has no more. */
  get dropped(): number {
    return this.droppedCount;
  }

  push(item: Item): void {
    if (this.items.length < this.capacity) {
      this.items.push(item);
      return;
    }
    this.items[this.oldest] = item;
    this.oldest = (this.oldest + 1) % this.capacity;
    this.droppedCount++;
  }

  /** Returns one of them; 0 is the oldest, and -1 the newest. */
  at(index: number): Item | undefined {
    const position = index < 0 ? this.length + index : index;
    if (position < 0 || position >= this.length) return undefined;
    return this.items[(this.oldest + position) % this.length];
  }

  /** Returns the newest ones, the oldest of these first. */
  last(count: number): Item[] {
    const first = Math.max(0, this.length - count);
    const kept: Item[] = [];
    for (let index = first; index < this.length; index++) {
      const item = this.at(index);
      if (item !== undefined) kept.push(item);
    }
    return kept;
  }
}
