// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/rates_options.h"

#include "clients/cli/option_helpers.h"

namespace dissectd::cli {

void AddRatesOptions(CLI::App* command, double* interval, uint32_t* top) {
  command
      ->add_option("--interval", *interval,
                   "Seconds between lines, 0.1 to 3600")
      ->check(NumberFrom(0.1, 3600))
      ->type_name("SECONDS")
      ->capture_default_str();
  command
      ->add_option("--top", *top,
                   "Number of top protocols to print, by packets and by bytes")
      ->check(NumberFrom(1, 1000))
      ->type_name("N")
      ->capture_default_str();
}

}  // namespace dissectd::cli
