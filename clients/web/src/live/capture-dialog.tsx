// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { client, noteError } from "../daemon/connection.js";
import { explain, type Explanation } from "../daemon/errors.js";
import "../style/capture-dialog.css";
import { Dialog } from "../ui/dialog.js";
import { Tabs } from "../ui/tabs.js";
import { useAnswer } from "../ui/use-answer.js";
import { createCapture, openLive } from "./capture-actions.js";
import { type CaptureChoice, NO_CHOICE, optionsOf, problemOf } from "./capture-options.js";
import { InputTab } from "./input-tab.js";
import { OutputTab, StopTab } from "./output-tab.js";

const TABS = ["Input", "Output", "Options"] as const;

// What the user has chosen before, until the page is closed.
let lastChoice = NO_CHOICE;

/** Wireshark's dialog for capture options, which starts a capture. */
export function CaptureDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [tab, setTab] = useState<(typeof TABS)[number]>("Input");
  const [choice, setChoice] = useState<CaptureChoice>(lastChoice);
  const [failure, setFailure] = useState<Explanation | undefined>(undefined);
  const [isStarting, setStarting] = useState(false);
  const interfaces = useAnswer(() => client.value.interfaces(), []);

  function change(changes: Partial<CaptureChoice>): void {
    lastChoice = { ...choice, ...changes };
    setChoice(lastChoice);
    setFailure(undefined);
  }

  async function start(): Promise<void> {
    const problem = problemOf(choice);
    if (problem !== undefined) {
      setFailure({ message: problem, advice: "" });
      return;
    }
    setStarting(true);
    try {
      const name = await createCapture(optionsOf(choice));
      // The browser's button is to lead back to the page without the dialog.
      onClose();
      openLive(name);
    } catch (error) {
      noteError(error);
      setFailure(explain(error));
      setStarting(false);
    }
  }

  const error = failure ?? (interfaces.error === undefined ? undefined : explain(interfaces.error));
  return (
    <Dialog title="Capture Options" isLarge onClose={onClose}>
      <form
        class="capture-options"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <Tabs label="Capture options" names={TABS} selected={tab} onSelect={setTab}>
          {tab === "Input" && (
            <InputTab
              interfaces={interfaces.value ?? []}
              chosen={choice.interfaces}
              onChoose={(chosen) => {
                change({ interfaces: chosen });
              }}
            />
          )}
          {tab === "Output" && (
            <OutputTab
              file={choice.file}
              onChange={(changes) => {
                change({ file: { ...choice.file, ...changes } });
              }}
            />
          )}
          {tab === "Options" && (
            <StopTab
              stop={choice.stop}
              onChange={(changes) => {
                change({ stop: { ...choice.stop, ...changes } });
              }}
            />
          )}
        </Tabs>
        <div class="dialog-buttons">
          <p role="alert" class={error ? "failure" : ""}>
            {error && `${error.message} ${error.advice}`}
          </p>
          <button type="button" onClick={onClose}>
            Close
          </button>
          <button type="submit" disabled={isStarting}>
            {isStarting ? "Starting …" : "Start"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
