import {
  entityRouteRef,
  EntityProvider,
} from '@backstage/plugin-catalog-react';
import {
  analyticsApiRef,
  type AnalyticsEvent,
} from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  MeshApi,
  MeshViewName,
  MeshViewOf,
  MeshViewQuery,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { useLocation } from 'react-router-dom';
import { meshApiRef } from '../api';
import { authService } from '../__fixtures__/entity';
import {
  canaryView,
  certificatesView,
  dependenciesView,
  opinionView,
  overviewView,
  placementsView,
  routesView,
  securityView,
  topologyView,
  tracesView,
  weightPreview,
} from '../__fixtures__/views';
import {
  controlPlanes,
  diagnosis,
  fleetChanges,
  fleetCoverage,
  fleetPage,
} from '../__fixtures__/fleet';
import { changesView, mendPreview } from '../__fixtures__/changes';
import { destinationRule, virtualService } from '../__fixtures__/objects';
import { loginTrace } from '../__fixtures__/traces';

/** What each view answers, by its name. */
type ViewAnswers = {
  [Name in MeshViewName]: (
    address: ViewAddress,
    query: MeshViewQuery<Name>,
  ) => Promise<MeshViewOf<Name>>;
};

/** All that the pages ask the backend for. */
export type MeshAnswers = Omit<MeshApi, 'view'> & ViewAnswers;

type MockMeshApi = jest.Mocked<MeshAnswers> & Pick<MeshApi, 'view'>;

const VIEWS: ViewAnswers = {
  overview: async () => overviewView(),
  routes: async () => routesView(),
  security: async () => securityView(),
  traces: async () => tracesView(),
  trace: async () => loginTrace(),
  canary: async () => canaryView(),
  topology: async () => topologyView(),
  opinion: async () => opinionView(),
  certificates: async () => certificatesView(),
  changes: async () => changesView(),
  dependencies: async () => dependenciesView(),
};

const PLACES = {
  placements: async () => placementsView,
  fleet: async () => fleetPage(),
  fleetCsv: async () => 'cluster,namespace,service\r\n',
  fleetChanges: async () => fleetChanges(),
  fleetCoverage: async () => fleetCoverage(),
  controlPlanes: async () => controlPlanes(),
  diagnosis: async () => diagnosis(),
};

const TRIES: Pick<MeshApi, 'tryRoute' | 'tryCall'> = {
  tryRoute: async () => ({
    rule: { id: 'rest', number: 3 },
    sentence: 'It takes everything the rules before it leave.',
    skipped: [
      { id: 'login', number: 1, why: 'the method is not POST' },
      { id: 'testers', number: 2, why: 'header x-canary is absent' },
    ],
    destinations: [],
  }),
  tryCall: async () => ({
    outcome: 'denied',
    status: 403,
    sentence: 'auth-service-policy allows only gateway-service.',
  }),
};

const CHANGES = {
  previewWeights: async () => weightPreview,
  applyWeights: async () => ({
    object: virtualService,
    sentence: 'canary now gets 25 % of the requests of rule 1.',
  }),
  previewChange: async () => mendPreview,
  applyChange: async () => ({
    object: destinationRule,
    sentence: mendPreview.sentence,
  }),
  previewMend: async () => mendPreview,
  applyMend: async () => ({
    object: destinationRule,
    sentence: mendPreview.sentence,
  }),
};

/** A mesh that is well, each of its answers open to be replaced. */
export function mockMeshApi(answers: Partial<MeshAnswers> = {}): MockMeshApi {
  const all: MeshAnswers = {
    ...VIEWS,
    ...PLACES,
    ...TRIES,
    ...CHANGES,
    ...answers,
  };
  const mocks = Object.fromEntries(
    Object.entries(all as object).map(([name, answer]) => [
      name,
      jest.fn(answer),
    ]),
  ) as unknown as jest.Mocked<MeshAnswers>;
  const views: ViewAnswers = mocks;
  return {
    ...mocks,
    view: (name, address, query) => views[name](address, query),
  };
}

function Address() {
  const { pathname, search } = useLocation();
  return <output aria-label="address">{`${pathname}${search}`}</output>;
}

function languageConfig(language: 'en' | 'de') {
  return {
    app: {
      extensions: [
        {
          'api:app/app-language': {
            config: {
              availableLanguages: ['en', 'de'],
              defaultLanguage: language,
            },
          },
        },
      ],
    },
  };
}

/** What a person who looks at a tab of auth-service sees. */
export function renderOnEntityPage(
  element: JSX.Element,
  options: {
    api?: MockMeshApi;
    search?: string;
    language?: 'en' | 'de';
  } = {},
) {
  const { api = mockMeshApi(), search = '', language = 'en' } = options;
  const user = userEvent.setup();
  const captured = jest.fn<void, [AnalyticsEvent]>();
  renderInTestApp(
    <EntityProvider entity={authService}>
      {element}
      <Address />
    </EntityProvider>,
    {
      apis: [
        [meshApiRef, api],
        [analyticsApiRef, { captureEvent: captured }],
      ],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      initialRouteEntries: [`/${search}`],
      config: languageConfig(language),
    },
  );

  return {
    api,
    user,
    /** What analytics was told, but for the navigation. */
    intents: () =>
      captured.mock.calls
        .filter(([{ action }]) => action !== 'navigate')
        .map(([{ action, subject }]) => `${action} ${subject}`),
    /** Chooses an option of a select, as the mouse does. */
    async choose(label: string | RegExp, option: string | RegExp) {
      await user.click(await screen.findByRole('button', { name: label }));
      await user.click(await screen.findByRole('option', { name: option }));
    },
    async refresh() {
      await user.click(screen.getByRole('button', { name: 'Refresh' }));
    },
    async addressHas(part: string) {
      await waitFor(() =>
        expect(screen.getByLabelText('address')).toHaveTextContent(part),
      );
    },
  };
}

/** An answer that comes when the test says so. */
export function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

/** As `ResponseError.fromResponse` makes them. */
export function responseError(statusCode: number, message: string): Error {
  return Object.assign(new Error(`Request failed with ${statusCode}`), {
    name: 'ResponseError',
    statusCode,
    cause: new Error(message),
  });
}
