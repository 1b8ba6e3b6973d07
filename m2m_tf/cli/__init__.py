"""The commands of `m2m`: one file a command, thin; they parse, call the library and print."""
