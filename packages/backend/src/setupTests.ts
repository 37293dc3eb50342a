// A busy machine is slow, not wrong: tests wait for conditions, and this is only the bound.
jest.setTimeout(60_000);
