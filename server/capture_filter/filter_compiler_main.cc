// SPDX-License-Identifier: GPL-2.0-or-later

// capture-filter-compiler: compiles one capture filter with libpcap, and prints
// the result. It is a separate program, run for each request, because a
// malicious filter can make libpcap crash or run forever.

#include <getopt.h>
#include <nss.h>
#include <pcap/pcap.h>
#include <sched.h>
#include <sys/resource.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <utility>

#include "core/sandbox/file_access.h"
#include "core/sandbox/process_rights.h"
#include "core/sandbox/syscall_filter.h"
#include "server/capture_filter/filter_compiler_exit.h"

namespace {

using Json = nlohmann::ordered_json;

// libpcap's MAXIMUM_SNAPLEN, which it uses instead of 0 and of larger values
// when it captures.
constexpr uint32_t kMaxSnapLength = 262144;

// Keeps answers below 4 MiB, the default limit of gRPC clients. The kernel
// accepts 4096 instructions.
constexpr uint32_t kMaxInstructions = 32768;

// Longer than dissectd waits before it kills this process; needed only if
// dissectd itself has gone.
constexpr rlim_t kCpuSeconds = 6;
// Sanitizers reserve terabytes of address space.
constexpr rlim_t kMemoryBytes =
    dissectd::kHasSanitizer ? RLIM_INFINITY : rlim_t{1} << 30;

struct Options {
  const char* link_type = "EN10MB";
  const char* interface = nullptr;
  const char* filter = "";
  uint32_t snap_length = 0;
  bool optimized = true;
};

struct CodeDeleter {
  void operator()(bpf_program* code) const {
    pcap_freecode(code);
    delete code;
  }
};

struct HandleDeleter {
  void operator()(pcap_t* handle) const { pcap_close(handle); }
};

bool ParseNumber(const char* text, uint32_t* number) {
  const char* end = text + std::strlen(text);
  const std::from_chars_result result = std::from_chars(text, end, *number);
  return result.ec == std::errc() && result.ptr == end;
}

bool ParseOptions(int argc, char** argv, Options* options) {
  const option known[] = {{"link-type", required_argument, nullptr, 'l'},
                          {"interface", required_argument, nullptr, 'i'},
                          {"filter", required_argument, nullptr, 'f'},
                          {"snap-length", required_argument, nullptr, 's'},
                          {"unoptimized", no_argument, nullptr, 'u'},
                          {}};
  for (;;) {
    switch (getopt_long(argc, argv, "", known, nullptr)) {
      case 'l':
        options->link_type = optarg;
        break;
      case 'i':
        options->interface = optarg;
        break;
      case 'f':
        options->filter = optarg;
        break;
      case 's':
        if (!ParseNumber(optarg, &options->snap_length)) return false;
        break;
      case 'u':
        options->optimized = false;
        break;
      case -1:
        return optind == argc;
      default:
        return false;
    }
  }
}

void Limit(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
  const rlimit limit = {soft, hard};
  setrlimit(resource, &limit);
}

void LimitResources() {
  Limit(RLIMIT_CPU, kCpuSeconds, kCpuSeconds + 1);
  Limit(RLIMIT_AS, kMemoryBytes, kMemoryBytes);
}

// A capturing dumpcap asks name servers for the host names in its filter. Here
// that would let anyone who may check a filter send queries from this machine
// and keep the process waiting.
void ResolveFromFilesOnly() {
  for (const char* database :
       {"hosts", "networks", "ethers", "protocols", "services"}) {
    __nss_configure_lookup(database, "files");
  }
}

// A second line of defence, which some containers don't allow.
void LeaveNetwork() {
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    static_cast<void>(unshare(CLONE_NEWNET));
  }
}

// Leaves only what libpcap needs to look names up in files. The engine has a
// sandbox of the same kind, and the daemon doesn't start if the kernel has
// none, unless the operator allows it.
void EnterSandbox() {
  dissectd::GiveUpRights().IgnoreError();
  dissectd::KeepMemoryPrivate();
  if (dissectd::kHasSanitizer) return;
  dissectd::FileAccess access;
  access.readable = {"/etc/ethers",        "/etc/gai.conf",   "/etc/host.conf",
                     "/etc/hosts",         "/etc/networks",   "/etc/protocols",
                     "/etc/nsswitch.conf", "/etc/services",   "/usr/lib",
                     "/etc/resolv.conf",   "/etc/ld.so.cache"};
  dissectd::RestrictFiles(access).IgnoreError();
  const auto filter = dissectd::SyscallFilter::Compile({});
  if (filter.ok()) filter->Load().IgnoreError();
}

// Only `ip broadcast` needs the netmask. dumpcap uses 0, too, if there is none.
bpf_u_int32 NetmaskOf(const char* interface) {
  bpf_u_int32 network = 0;
  bpf_u_int32 netmask = 0;
  char error[PCAP_ERRBUF_SIZE];
  if (interface == nullptr ||
      pcap_lookupnet(interface, &network, &netmask, error) != 0) {
    return 0;
  }
  return netmask;
}

Json DescribeLinkType(int link_type) {
  const char* name = pcap_datalink_val_to_name(link_type);
  const char* description = pcap_datalink_val_to_description(link_type);
  return {{"number", link_type},
          {"name", name == nullptr ? "" : name},
          {"description", description == nullptr ? "" : description}};
}

void AddInstructions(const bpf_program& code, Json* answer) {
  std::string listing;
  Json instructions = Json::array();
  for (uint32_t i = 0; i < code.bf_len; ++i) {
    const bpf_insn& instruction = code.bf_insns[i];
    listing += bpf_image(&instruction, static_cast<int>(i));
    listing += '\n';
    instructions.push_back(
        {instruction.code, instruction.jt, instruction.jf, instruction.k});
  }
  (*answer)["listing"] = std::move(listing);
  (*answer)["instructions"] = std::move(instructions);
}

// Differs from dumpcap for `vlan` on an interface of Linux: libpcap then also
// tests the kernel's metadata of the tag, which is possible only on an open
// interface.
Json Compile(const Options& options, int link_type, bpf_u_int32 netmask) {
  Json answer = {{"valid", false},
                 {"message", ""},
                 {"listing", ""},
                 {"instructions", Json::array()},
                 {"link_type", DescribeLinkType(link_type)}};
  const bool all =
      options.snap_length == 0 || options.snap_length > kMaxSnapLength;
  const std::unique_ptr<pcap_t, HandleDeleter> handle(pcap_open_dead(
      link_type, static_cast<int>(all ? kMaxSnapLength : options.snap_length)));
  if (handle == nullptr) std::abort();
  const std::unique_ptr<bpf_program, CodeDeleter> code(new bpf_program());
  errno = 0;
  if (pcap_compile(handle.get(), code.get(), options.filter,
                   static_cast<int>(options.optimized), netmask) != 0) {
    // This program set the limit, so the filter may be valid. libpcap has the
    // same message for its own limits, but doesn't set errno then.
    if (errno == ENOMEM) std::exit(dissectd::server::kFilterOutOfMemory);
    answer["message"] = pcap_geterr(handle.get());
  } else if (code->bf_len > kMaxInstructions) {
    answer["message"] = "the filter takes " + std::to_string(code->bf_len) +
                        " instructions; the limit is " +
                        std::to_string(kMaxInstructions);
  } else {
    answer["valid"] = true;
    AddInstructions(*code, &answer);
  }
  return answer;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!ParseOptions(argc, argv, &options)) {
    return dissectd::server::kFilterCompilerMisused;
  }
  LimitResources();
  ResolveFromFilesOnly();
  const int link_type = pcap_datalink_name_to_val(options.link_type);
  if (link_type < 0) return dissectd::server::kFilterLinkTypeUnknown;
  const bpf_u_int32 netmask = NetmaskOf(options.interface);
  LeaveNetwork();
  EnterSandbox();
  const Json answer = Compile(options, link_type, netmask);
  // libpcap may truncate its message in the middle of a character.
  const std::string text =
      answer.dump(-1, ' ', false, Json::error_handler_t::replace);
  const bool printed = std::fputs(text.c_str(), stdout) >= 0;
  return std::fflush(stdout) == 0 && printed ? EXIT_SUCCESS : EXIT_FAILURE;
}
