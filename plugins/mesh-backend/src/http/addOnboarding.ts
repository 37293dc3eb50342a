import { meshServiceOnboardPermission } from '@meshdeck/plugin-mesh-common';
import type { Router } from 'express';
import type { EntityAccess } from '../access/EntityAccess';
import type { OnboardedServices } from '../onboarding/OnboardedServices';
import type { OnboardingService } from '../onboarding/OnboardingService';
import { answerFailedChange, outcomeOf } from './failedChanges';
import { bodyOf } from './requestBody';
import { read } from './requests';

/** The routes that bring a new service into the mesh, and say which ones came that way. */
export function addOnboarding(
  router: Router,
  services: {
    access: EntityAccess;
    onboarding: OnboardingService;
    onboarded: OnboardedServices;
  },
): void {
  const { access, onboarding, onboarded } = services;
  router.post('/v1/onboardings', async (req, res) => {
    try {
      const result = await access.basic(
        req,
        'service-onboard',
        meshServiceOnboardPermission,
        async (credentials, tell) => {
          tell({ outcome: 'refused' });
          const request = read.onboarding(bodyOf(req));
          const { cluster, namespace, name, owner, dryRun = false } = request;
          tell({
            object: `Service ${namespace}/${name}`,
            intent: { cluster, namespace, name, owner, dryRun },
          });
          try {
            const answer = await onboarding.onboard(request, credentials);
            tell({
              outcome: dryRun ? 'previewed' : 'written',
              applied: answer.applied,
            });
            return answer;
          } catch (error) {
            tell({ outcome: outcomeOf(error) });
            throw error;
          }
        },
      );
      res.json(result);
    } catch (error) {
      answerFailedChange(req, res, error as Error);
    }
  });
  router.get('/v1/onboarded', async (req, res) => {
    const view = await access.service(req, 'onboarded-read', () =>
      onboarded.view(read.names(req.query.confirm)),
    );
    res.json(view);
  });
}
