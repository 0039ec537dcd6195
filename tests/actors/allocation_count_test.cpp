// This program counts its allocations as that of the core's tests does: there
// can be one replacement of operator new in a program, so it can not be in a
// library that both use.
#include "core/allocation_count_test.cpp"
