// Writes how the messages of a linked library are made, for protoc:
// otlp-descriptors OUTPUT PROTO...

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <fstream>
#include <iostream>
#include <set>
#include <string>

namespace {

namespace pb = google::protobuf;

/// Adds `file` after all that it imports, each once.
void add(const pb::FileDescriptor& file, pb::FileDescriptorSet& to,
         std::set<std::string>& known) {
  if (!known.insert(file.name()).second)
    return;
  for (int i = 0; i < file.dependency_count(); ++i)
    add(*file.dependency(i), to, known);
  auto* copy = to.add_file();
  file.CopyTo(copy);
  file.CopyJsonNameTo(copy);
}

} // namespace

int main(int argc, char** argv) {
  pb::FileDescriptorSet set;
  std::set<std::string> known;
  for (int i = 2; i < argc; ++i) {
    const auto* file
      = pb::DescriptorPool::generated_pool()->FindFileByName(argv[i]);
    if (file == nullptr) {
      std::cerr << "the library has no " << argv[i] << '\n';
      return 1;
    }
    add(*file, set, known);
  }
  std::ofstream out{argv[1], std::ios::binary};
  return argc > 2 && set.SerializeToOstream(&out) ? 0 : 1;
}
