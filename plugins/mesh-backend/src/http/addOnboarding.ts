import { meshServiceOnboardPermission } from '@meshdeck/plugin-mesh-common';
import type { Router } from 'express';
import type { EntityAccess } from '../access/EntityAccess';
import type { OnboardedServices } from '../onboarding/OnboardedServices';
import type { OnboardingService } from '../onboarding/OnboardingService';
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
    const result = await access.basic(
      req,
      'service-onboard',
      meshServiceOnboardPermission,
      credentials =>
        onboarding.onboard(read.onboarding(bodyOf(req)), credentials),
    );
    res.json(result);
  });
  router.get('/v1/onboarded', async (req, res) => {
    const view = await access.service(req, 'onboarded-read', () =>
      onboarded.view(read.names(req.query.confirm)),
    );
    res.json(view);
  });
}
