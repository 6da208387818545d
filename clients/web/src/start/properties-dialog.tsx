// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { FileView } from "@dissectd/client/api";
import { Code, DissectdError } from "@dissectd/client";
import { client } from "../daemon/connection.js";
import { Dialog } from "../ui/dialog.js";
import { Failure } from "../ui/failure.js";
import { useAnswer } from "../ui/use-answer.js";
import { factsOf } from "./file-facts.js";

export interface PropertiesDialogProps {
  /** The resource name of the file. */
  readonly name: string;
  readonly onClose: () => void;
}

/** Wireshark's dialog of the same name. The daemon reads the whole file for it. */
export function PropertiesDialog({ name, onClose }: PropertiesDialogProps): JSX.Element {
  const { value, error } = useAnswer(
    (signal) => client.value.services.file.getFile({ name, view: FileView.FULL }, { signal }),
    [name],
  );
  const file = value?.file;
  const damage = file?.summary?.readError;
  return (
    <Dialog title="Capture File Properties" onClose={onClose}>
      {error !== undefined && <Failure error={error} />}
      {!value && error === undefined && <p class="pending">The daemon reads the file …</p>}
      {damage && <Failure error={new DissectdError({ ...damage, code: Code.DataLoss })} />}
      {file &&
        factsOf(file).map(({ title, facts }) => (
          <section key={title} class="facts">
            <h3>{title}</h3>
            <dl>
              {facts.map(([fact, text], index) => (
                <div key={index}>
                  <dt>{fact}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
    </Dialog>
  );
}
