// SPDX-License-Identifier: Apache-2.0

/**
 * The rows of a long list, of which pages are fetched when they are wanted. Pages that
 * nobody looks at any more are no longer waited for, and after a while forgotten.
 */
import { signal } from "@preact/signals";

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The number of rows of the whole list. */
  readonly total: number;
}

export type FetchPage<Row> = (
  first: number,
  limit: number,
  signal: AbortSignal,
) => Promise<Page<Row>>;

export const PAGE_ROWS = 200;
const MAX_PAGES = 100;
const MARGIN = 100;
// Pages that a scroll bar only passes aren't worth a question: each jump begins the pause
// again.
const PAUSE_MS = 40;

interface CachedPage<Row> {
  rows: readonly Row[];
  /** Whether the rows may have changed since. */
  isStale: boolean;
  /** The number of the question that they answer. */
  readonly asked: number;
}

export class PageCache<Row> {
  /** The number of rows, once the first page has come; a growing list has more later. */
  readonly total = signal<number | undefined>(undefined);
  /** Counts how often rows have come. */
  readonly changed = signal(0);
  /** Why the last page hasn't come. */
  readonly error = signal<unknown>(undefined);

  private readonly pages = new Map<number, CachedPage<Row>>();
  private readonly fetches = new Map<number, AbortController>();
  private wanted = { first: 0, end: 0 };
  private pause: ReturnType<typeof setTimeout> | undefined;
  /** Ends what is asked for at once when the list isn't shown any more. */
  private readonly end = new AbortController();
  private refreshes = 0;
  // Questions are numbered, as an answer may overtake that of an earlier question, which
  // knows less: the list may have grown between the two.
  private lastAsked = 0;
  /** The number of the question whose answer the total is of. */
  private totalAsked = 0;

  constructor(private readonly fetchPage: FetchPage<Row>) {}

  /** Returns a row if it has come. */
  row(position: number): Row | undefined {
    return this.pages.get(Math.floor(position / PAGE_ROWS))?.rows[position % PAGE_ROWS];
  }

  /** Returns a row if it has come. Components are drawn again when others have come. */
  shownRow(position: number): Row | undefined {
    return this.changed.value > 0 ? this.row(position) : undefined;
  }

  /** Tells which rows can be seen, the last one excluded. They come as soon as they can. */
  want(first: number, end: number): void {
    const isJump = end <= this.wanted.first || first >= this.wanted.end;
    this.wanted = { first, end };
    if (this.missing().length === 0) return;
    if (isJump) this.endPause();
    this.pause ??= setTimeout(
      () => {
        this.pause = undefined;
        this.fetchWanted();
      },
      this.total.peek() === undefined ? 0 : PAUSE_MS,
    );
  }

  /** Returns a row, which is fetched if need be; undefined if the list is shorter. */
  async load(position: number): Promise<Row | undefined> {
    const page = Math.floor(position / PAGE_ROWS);
    if (this.row(position) === undefined) await this.fetch(page, this.end);
    return this.row(position);
  }

  /** Asks again for everything, and keeps showing what there is until the answers come. */
  refresh(): void {
    this.refreshes++;
    for (const page of this.pages.values()) page.isStale = true;
    this.abortFetches(() => true);
    this.fetchWanted();
  }

  /** Asks how many rows there are now. */
  async grow(): Promise<void> {
    await this.fetch(Math.floor((this.total.peek() ?? 0) / PAGE_ROWS), this.end);
    this.want(this.wanted.first, this.wanted.end);
  }

  dispose(): void {
    this.end.abort();
    this.endPause();
    this.abortFetches(() => true);
  }

  private endPause(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
  }

  private pagesAround({ first, end }: { first: number; end: number }): number[] {
    const last = Math.min(end + MARGIN, this.total.peek() ?? PAGE_ROWS) - 1;
    const from = Math.floor(Math.max(0, first - MARGIN) / PAGE_ROWS);
    const count = Math.max(1, Math.floor(last / PAGE_ROWS) - from + 1);
    return Array.from({ length: count }, (_, index) => from + index);
  }

  private isComplete(page: number): boolean {
    const cached = this.pages.get(page);
    if (!cached || cached.isStale) return false;
    return cached.rows.length >= this.rowsOf(page);
  }

  private rowsOf(page: number): number {
    return Math.min(PAGE_ROWS, Math.max(0, (this.total.peek() ?? 0) - page * PAGE_ROWS));
  }

  private missing(): number[] {
    return this.pagesAround(this.wanted).filter((page) => !this.isComplete(page));
  }

  private fetchWanted(): void {
    const near = new Set(this.pagesAround(this.wanted));
    this.abortFetches((page) => !near.has(page));
    for (const page of this.missing()) {
      if (this.fetches.has(page)) continue;
      const abort = new AbortController();
      this.fetches.set(page, abort);
      void this.fetch(page, abort).finally(() => {
        if (this.fetches.get(page) === abort) this.fetches.delete(page);
      });
    }
  }

  private abortFetches(isUnwanted: (page: number) => boolean): void {
    for (const [page, abort] of this.fetches) {
      if (!isUnwanted(page)) continue;
      this.fetches.delete(page);
      abort.abort();
    }
  }

  private async fetch(page: number, { signal: aborted }: AbortController): Promise<void> {
    const { refreshes } = this;
    const asked = this.lastAsked + 1;
    const isOver = (): boolean => aborted.aborted || this.end.signal.aborted;
    try {
      const rows: Row[] = [];
      let isAtEnd = false;
      // A page of long rows comes in several parts.
      while (rows.length < PAGE_ROWS && !isAtEnd) {
        const first = page * PAGE_ROWS + rows.length;
        const number = ++this.lastAsked;
        const part = await this.fetchPage(first, PAGE_ROWS - rows.length, aborted);
        if (isOver()) return;
        this.noteTotal(part.total, number);
        rows.push(...part.rows);
        isAtEnd = part.rows.length === 0 || first + part.rows.length >= part.total;
      }
      if (this.isOutdated(page, asked)) return;
      this.keep(page, { rows, asked, isStale: refreshes !== this.refreshes });
      this.error.value = undefined;
      // What a newer answer has told may be more than there was when this was asked.
      if (asked < this.totalAsked) this.want(this.wanted.first, this.wanted.end);
    } catch (error) {
      if (!isOver() && !this.isOutdated(page, asked)) this.error.value = error;
    }
  }

  private noteTotal(total: number, asked: number): void {
    if (asked < this.totalAsked) return;
    this.totalAsked = asked;
    this.total.value = total;
  }

  /** Whether a later question about a page has been answered already. */
  private isOutdated(page: number, asked: number): boolean {
    return (this.pages.get(page)?.asked ?? 0) > asked;
  }

  private keep(page: number, cached: CachedPage<Row>): void {
    this.pages.delete(page);
    this.pages.set(page, cached);
    const near = new Set(this.pagesAround(this.wanted));
    for (const old of this.pages.keys()) {
      if (this.pages.size <= MAX_PAGES) break;
      if (!near.has(old)) this.pages.delete(old);
    }
    this.changed.value++;
  }
}
