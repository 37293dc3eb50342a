import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';

const EVERY_S = 1;

/**
 * Wakes each replica every second. Backstage's scheduler is no more than that here: its own locks are without a fence, and those of a replica
 * that was killed hold for the whole time that a task may take.
 */
export class AlarmClock {
  static create(options: {
    scheduler: SchedulerService;
    logger: LoggerService;
  }) {
    return new AlarmClock(options);
  }

  /** Whether the last time failed: a database that is away is told of once. */
  private isFailing = false;

  private constructor(
    private readonly options: Parameters<typeof AlarmClock.create>[0],
  ) {}

  async start(sleeper: { wake(): Promise<void> }): Promise<void> {
    await this.options.scheduler.scheduleTask({
      id: 'mesh-alarm-clock',
      scope: 'local',
      frequency: { seconds: EVERY_S },
      timeout: { seconds: 30 },
      fn: () => this.ring(sleeper),
    });
  }

  private async ring(sleeper: { wake(): Promise<void> }): Promise<void> {
    try {
      await sleeper.wake();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) {
        this.options.logger.warn(
          'What is due cannot be looked up; it is tried every second',
          error as Error,
        );
      }
      this.isFailing = true;
    }
  }
}
