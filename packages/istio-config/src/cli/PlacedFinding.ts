import type { FindingLevel } from '../findings/Finding';

/** A finding as the command writes it. */
export interface PlacedFinding {
  code: string;
  level: FindingLevel;
  /** `Kind namespace/name`, or `Kind name` where the YAML has no namespace. */
  resource: string;
  path: string;
  message: string;
  fix: string;
  file: string;
  line: number;
}
