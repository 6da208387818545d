// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/analysis_options.h"

#include "clients/cli/option_helpers.h"

namespace dissectd::cli {

void AddAnalysisOptions(CLI::App* command, AnalysisOptions* options) {
  AddList(command, "-z", &options->reports,
          "A report about the capture, as tshark names it; \"dissectctl "
          "reports\" lists them")
      ->type_name("REPORT")
      ->group("Analysis");
  AddList(command, "--export-objects", &options->object_exports,
          "Write the objects that were transferred with a protocol, such as "
          "the files of http, to a folder of this machine")
      ->type_name("PROTOCOL,FOLDER")
      ->group("Analysis");
  AddList(command, "--export-tls-session-keys", &options->tls_key_files,
          "Write the keys of TLS sessions that could be decrypted to a file of "
          "this machine")
      ->type_name("FILE")
      ->group("Analysis");
  AllowAnyBytes(*command,
                {"-z", "--export-objects", "--export-tls-session-keys"});
}

}  // namespace dissectd::cli
