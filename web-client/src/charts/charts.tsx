import type { EChartsCoreOption } from 'echarts/core';
import { Component, lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartFrame } from './frame';

const Canvas = lazy(() => import('./canvas'));

/** The colours of the series, in their order; each at 3:1 on white. */
export const seriesColours = ['#1550c8', '#0f9384', '#c07d00', '#7457e0', '#d2503c', '#708099'];
const previousColour = '#a9b5c6';
const ink = '#3b4a60';
const faint = '#5b6980';
const rule = '#e3e8f0';

export interface Series {
  name: string;
  /** One for each label; null where there is none. */
  values: readonly (number | null)[];
  /** What each value says exactly, in the table and the tip, where the numbers are only drawn; `format` writes them when left out. */
  texts?: readonly string[];
}

export interface ChartProps {
  /** What the chart finds, in a sentence. */
  finding: string;
  basis?: ReactNode;
  labels: readonly string[];
  series: readonly Series[];
  /** What the labels are: 月份, 产品. The head of the table's first column. */
  labelHead: string;
  /** Writes a value, on the axis and where its series has no texts. */
  format: (value: number) => string;
}

interface TipParam {
  axisValueLabel?: string;
  name: string;
  seriesName: string;
  seriesIndex: number;
  dataIndex: number;
  value: unknown;
}

/** What a value of a series says; nothing where there is none. */
function textAt(one: Series | undefined, at: number, format: ChartProps['format']): string | undefined {
  const value = one?.values[at];
  return value == null ? undefined : (one?.texts?.[at] ?? format(value));
}

/** The tip as elements with classes: the content security policy forbids styles inside HTML text. */
function tip({ series, format }: ChartProps) {
  return (params: TipParam[]) => {
    const box = document.createElement('div');
    box.className = 'text-xs text-ink';
    const head = document.createElement('p');
    head.className = 'font-medium';
    head.textContent = params[0]?.axisValueLabel ?? params[0]?.name ?? '';
    box.append(head);
    for (const param of params) {
      if (typeof param.value !== 'number') continue;
      const line = document.createElement('p');
      line.className = 'flex justify-between gap-4';
      const name = document.createElement('span');
      name.textContent = param.seriesName;
      const value = document.createElement('span');
      value.className = 'tabular-nums';
      value.textContent = textAt(series[param.seriesIndex], param.dataIndex, format) ?? '';
      line.append(name, value);
      box.append(line);
    }
    return box;
  };
}

type Axis = Record<string, unknown>;

function base(type: number, props: ChartProps, colours: string[], across: boolean): EChartsCoreOption {
  const label = { color: faint, fontSize: type };
  const values: Axis = {
    type: 'value',
    splitNumber: 4,
    // There is no half of a call.
    minInterval: props.series.every(({ values: all }) =>
      all.every((value) => value === null || Number.isInteger(value)),
    )
      ? 1
      : 0,
    axisLabel: {
      ...label,
      hideOverlap: true,
      formatter: props.format,
    },
    splitLine: { lineStyle: { color: rule } },
  };
  const names: Axis = {
    type: 'category',
    data: props.labels,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: rule } },
    axisLabel: across
      ? { ...label, color: ink, width: type * 9, overflow: 'truncate' }
      : { ...label, hideOverlap: true },
    inverse: across,
  };
  const legend = props.series.length > 1;
  return {
    color: colours,
    // By name: the width of a text is measured with it, which an inherited one cannot be.
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: type },
    grid: { left: 4, right: 16, top: legend ? type * 3 : type, bottom: 4, containLabel: true },
    legend: legend
      ? { top: 0, left: 0, itemWidth: 16, itemHeight: 8, textStyle: { color: ink, fontSize: type } }
      : undefined,
    tooltip: { trigger: 'axis', confine: true, formatter: tip(props) },
    xAxis: across ? values : names,
    yAxis: across ? names : values,
  };
}

/** A chart that cannot be loaded or drawn leaves its table. */
class Fallback extends Component<{ instead: ReactNode; children: ReactNode }, { failed: boolean }> {
  state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  render() {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}

function Chart({
  props,
  height,
  option,
}: {
  props: ChartProps;
  height: number;
  option: (type: number) => EChartsCoreOption;
}) {
  const { t } = useTranslation('ui');
  const table = {
    head: [props.labelHead, ...props.series.map((one) => one.name)],
    rows: props.labels.map((label, i) => [label, ...props.series.map((one) => textAt(one, i, props.format) ?? '–')]),
  };
  const waiting = (text: string) => (
    <p
      role="status"
      className="grid place-items-center rounded-lg bg-canvas text-ink-3 text-sm"
      style={{ height: `${height}rem` }}
    >
      {text}
    </p>
  );
  return (
    <ChartFrame finding={props.finding} basis={props.basis} table={table}>
      <Fallback instead={waiting(t('chart.failed'))}>
        <Suspense fallback={waiting(t('chart.loading'))}>
          {/* Drawn anew when what is read changes, the language included. */}
          <Canvas key={JSON.stringify(table)} option={option} height={height} />
        </Suspense>
      </Fallback>
    </ChartFrame>
  );
}

/** How figures went over time. `previous` is the period before, dashed. */
export function LineTrend(props: ChartProps & { previous?: Series }) {
  const { previous } = props;
  const all = previous ? { ...props, series: [...props.series, previous] } : props;
  const option = (type: number) => ({
    ...base(type, all, seriesColours, false),
    series: all.series.map((one) => ({
      type: 'line',
      name: one.name,
      data: one.values,
      symbolSize: 6,
      showSymbol: all.labels.length <= 14,
      lineStyle: one === previous ? { type: 'dashed', width: 2, color: previousColour } : { width: 2 },
      itemStyle: one === previous ? { color: previousColour } : undefined,
    })),
  });
  return <Chart props={all} height={16} option={option} />;
}

/** Which are the largest, from the top: pass the labels in that order, and one series. */
export function BarRanking(props: ChartProps) {
  const option = (type: number) => ({
    ...base(type, props, seriesColours, true),
    series: props.series.map((one) => ({
      type: 'bar',
      name: one.name,
      data: one.values,
      barMaxWidth: type * 1.5,
    })),
  });
  return <Chart props={props} height={Math.max(6, props.labels.length * 2 + 3)} option={option} />;
}

/** What sums are made of, over time or by name. */
export function StackedBars(props: ChartProps) {
  const option = (type: number) => ({
    ...base(type, props, seriesColours, false),
    series: props.series.map((one) => ({
      type: 'bar',
      name: one.name,
      data: one.values,
      stack: 'all',
      barMaxWidth: type * 3,
    })),
  });
  return <Chart props={props} height={16} option={option} />;
}

/** The parts of one whole, in one bar with a written legend; needs no ECharts. */
export function ShareBar({
  finding,
  basis,
  parts,
  labelHead,
  valueHead,
}: {
  finding: string;
  basis?: ReactNode;
  /** `share` is 0 to 1; the texts are what is read. */
  parts: readonly { name: string; share: number; valueText: string; shareText: string }[];
  labelHead: string;
  valueHead: string;
}) {
  const { t } = useTranslation('ui');
  return (
    <ChartFrame
      finding={finding}
      basis={basis}
      table={{
        head: [labelHead, valueHead, '%'],
        rows: parts.map((part) => [part.name, part.valueText, part.shareText]),
      }}
    >
      <div aria-hidden className="flex h-5 gap-0.5 overflow-hidden rounded-md">
        {parts.map((part, i) => (
          <span
            key={part.name}
            style={{
              width: `${part.share * 100}%`,
              backgroundColor: seriesColours[i % seriesColours.length],
            }}
          />
        ))}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-ink-2 text-xs">
        {parts.map((part, i) => (
          <li key={part.name} className="flex items-center gap-1.5 tabular-nums">
            <span
              aria-hidden
              className="size-2.5 rounded-sm"
              style={{ backgroundColor: seriesColours[i % seriesColours.length] }}
            />
            {part.name} {part.valueText}
            {t('bracketed', { text: part.shareText })}
          </li>
        ))}
      </ul>
    </ChartFrame>
  );
}
