import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useEffectEvent, useRef } from 'react';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/**
 * Draws an option into an SVG as wide as its place; draws anew when the place or the size of the
 * page's type changes. This module alone brings ECharts in: load it lazily.
 */
export default function Canvas({
  option,
  height,
}: {
  /** Makes the option for a size of type in pixels (12 in the usual view). Give a new key for new data. */
  option: (type: number) => EChartsCoreOption;
  /** In rem. */
  height: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const optionNow = useEffectEvent(option);
  useEffect(() => {
    const place = box.current;
    if (!place) return;
    const chart = init(place, null, { renderer: 'svg' });
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const draw = () => {
      const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      chart.resize({ animation: { duration: 0 } });
      chart.setOption({ animation: !still, ...optionNow(root * 0.75) }, { notMerge: true });
    };
    draw();
    // The height is in rem, so that a larger type changes the box too.
    const watch = new ResizeObserver(draw);
    watch.observe(place);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, []);
  // The figure around it has the finding as its name, and the table has the figures.
  return <div ref={box} aria-hidden="true" className="w-full" style={{ height: `${height}rem` }} />;
}
