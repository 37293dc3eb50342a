import { type KubeObject, planOnboarding } from '@meshdeck/istio-config';
import { shopAnswers, shopObjects } from './__testUtils__/shop';
import { refuseEdits } from './refuseEdits';

const OTHERS = { replicas: 5, withCanary: false };

/** What is said of onboarding again, where one of the objects is another one by now. */
function refusal(
  kind: string,
  change: (object: KubeObject) => void,
  others: object = OTHERS,
): string | undefined {
  const there: KubeObject[] = structuredClone([...shopObjects()]);
  change(there.find(object => object.kind === kind)!);
  try {
    refuseEdits(planOnboarding(there, { ...shopAnswers(), ...others }).edits);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('refuseEdits', () => {
  it('lets onboarding change what it made', () => {
    expect(refusal('Deployment', () => {})).toBeUndefined();
  });

  it('keeps what somebody else set', () => {
    const scaledBy = (subresource?: string) => (object: KubeObject) => {
      object.metadata.managedFields = [
        {
          manager: 'autoscaler',
          subresource,
          fieldsV1: { 'f:spec': { 'f:replicas': {} } },
        },
      ];
    };
    const sentence =
      'autoscaler changed Deployment market/shop since it was onboarded, and onboarding would undo that. Nothing was written.';
    expect(refusal('Deployment', scaledBy())).toBe(sentence);
    expect(refusal('Deployment', scaledBy('scale'))).toBe(sentence);
    // What is not to be changed may be anybody's.
    expect(
      refusal('Deployment', scaledBy(), { image: 'shop:2' }),
    ).toBeUndefined();
  });

  it('ends no split of traffic', () => {
    const split = ({ spec }: KubeObject) => {
      const [{ route }] = spec.http;
      spec.http[0].route = [
        { ...route[0], weight: 90 },
        { ...route[0], weight: 10 },
      ];
    };
    expect(refusal('VirtualService', split)).toContain(
      'shares traffic between versions now',
    );
  });

  it('changes nothing that a repository delivers', () => {
    const delivered = ({ metadata }: KubeObject) => {
      metadata.annotations = {
        ...metadata.annotations,
        'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:market/shop',
      };
    };
    expect(refusal('Deployment', delivered)).toBe(
      'Argo CD delivers Deployment market/shop by now and would revert a change from here. Change it in its repository. Nothing was written.',
    );
    expect(refusal('Service', delivered)).toBeUndefined();
  });
});
