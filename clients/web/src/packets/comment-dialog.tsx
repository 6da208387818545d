// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { attempt } from "../app/notices.js";
import { Dialog } from "../ui/dialog.js";
import { setComments } from "./edits.js";

export interface CommentDialogProps {
  readonly frame: number;
  readonly comments: readonly string[];
  readonly onClose: () => void;
}

/** Changes the comments of a packet. An empty one is removed. */
export function CommentDialog({ frame, comments, onClose }: CommentDialogProps): JSX.Element {
  const [texts, setTexts] = useState<readonly string[]>([...comments, ""]);
  return (
    <Dialog title={`Comments of Packet ${String(frame)}`} onClose={onClose}>
      <form
        class="packet-form"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          attempt(() =>
            setComments(
              frame,
              texts.filter((text) => text.trim() !== ""),
            ),
          );
        }}
      >
        {texts.map((text, index) => (
          <label key={index}>
            {index < comments.length ? `Comment ${String(index + 1)}` : "New comment"}
            <textarea
              rows={3}
              value={text}
              onInput={({ currentTarget }) => {
                setTexts(texts.with(index, currentTarget.value));
              }}
            />
          </label>
        ))}
        <p class="advice">The session keeps comments. Export the packets to save them in a file.</p>
        <button type="submit">Save</button>
      </form>
    </Dialog>
  );
}
