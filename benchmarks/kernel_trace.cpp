// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Records when every kernel of a program began and ended on the device, those of replayed graphs, too:
//   CUDA_INJECTION64_PATH=libkernel_trace.so KERNEL_TRACE=kernels.tsv program ...
// A line a kernel: begin and end in nanoseconds, stream, blocks, threads, registers, bytes of dynamic shared memory,
// name. kernel_trace.py adds them up.

#include <cupti.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

namespace {

struct Record {
  std::uint64_t begin, end;
  unsigned stream;
  int blocks[3], threads, registers, shared_bytes;
  std::string name;
};

std::vector<Record> records;
std::mutex records_mutex;

void CUPTIAPI give_buffer(std::uint8_t** buffer, std::size_t* size, std::size_t* most_records) {
  *size = std::size_t(8) << 20;
  *buffer = static_cast<std::uint8_t*>(std::aligned_alloc(64, *size));
  *most_records = 0;  // as many as fit
}

void CUPTIAPI take_buffer(CUcontext, std::uint32_t, std::uint8_t* buffer, std::size_t, std::size_t valid) {
  const std::lock_guard lock(records_mutex);
  CUpti_Activity* activity = nullptr;
  while (valid > 0 && cuptiActivityGetNextRecord(buffer, valid, &activity) == CUPTI_SUCCESS) {
    if (activity->kind != CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL) continue;
    const auto& k = *reinterpret_cast<const CUpti_ActivityKernel9*>(activity);
    records.push_back({k.start,
                       k.end,
                       k.streamId,
                       {k.gridX, k.gridY, k.gridZ},
                       k.blockX * k.blockY * k.blockZ,
                       k.registersPerThread,
                       k.dynamicSharedMemory,
                       k.name ? k.name : "?"});
  }
  std::free(buffer);
}

void write_records() {
  cuptiActivityFlushAll(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
  const std::lock_guard lock(records_mutex);
  const char* path = std::getenv("KERNEL_TRACE");
  std::FILE* file = std::fopen(path ? path : "kernels.tsv", "w");
  if (!file) {
    std::fprintf(stderr, "kernel_trace: cannot write %s\n", path ? path : "kernels.tsv");
    return;
  }
  for (const Record& r : records)
    std::fprintf(file, "%llu\t%llu\t%u\t%d,%d,%d\t%d\t%d\t%d\t%s\n", static_cast<unsigned long long>(r.begin),
                 static_cast<unsigned long long>(r.end), r.stream, r.blocks[0], r.blocks[1], r.blocks[2], r.threads,
                 r.registers, r.shared_bytes, r.name.c_str());
  std::fclose(file);
}

}  // namespace

/// What the driver calls when it loads the library.
extern "C" int InitializeInjection() {
  if (cuptiActivityRegisterCallbacks(give_buffer, take_buffer) != CUPTI_SUCCESS ||
      cuptiActivityEnable(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL) != CUPTI_SUCCESS) {
    std::fprintf(stderr, "kernel_trace: CUPTI records no kernels here\n");
    return 1;
  }
  std::atexit(write_records);
  return 1;
}
