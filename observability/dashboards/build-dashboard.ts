import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { annotations } from './annotations'

export interface DashboardSpec {
  /** The name of the file. The uid is `vitrine-NAME`. */
  name: string
  title: string
  description: string
  variables?: Builder<VariableModel>[]
  sections: Section[]
}

/** A row with a title and its panels. */
export interface Section {
  title: string
  panels: NumberedPanel[]
}

type NumberedPanel = Builder<Panel> & { id(id: number): NumberedPanel }

const tag = 'vitrine'

/** Builds a dashboard in Grafana’s classic schema, for file provisioning. */
export function buildDashboard({ name, title, description, variables = [], sections }: DashboardSpec) {
  const dashboard = new DashboardBuilder(title)
    .uid(`vitrine-${name}`)
    .description(description)
    .tags([tag])
    .timezone('browser')
    .time({ from: 'now-15m', to: 'now' })
    .refresh('5s')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .variables(variables)
    .annotations(annotations())
    .link(
      new DashboardLinkBuilder('Vitrine')
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .keepTime(true)
        .includeVars(true),
    )
  let id = 0
  for (const section of sections) {
    id += 1
    dashboard.withRow(new RowBuilder(section.title).id(id))
    for (const panel of section.panels) {
      id += 1
      dashboard.withPanel(panel.id(id))
    }
  }
  return dashboard.build()
}
