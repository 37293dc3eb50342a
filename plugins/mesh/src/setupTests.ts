import '@backstage/cli/asset-types';
import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// A busy machine is slow, not wrong: tests wait for conditions, and these are only the bounds.
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 10_000 });

// Each test is a browser tab of its own.
afterEach(() => sessionStorage.clear());
