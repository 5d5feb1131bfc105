import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { PageHead, Row, Rows } from '../../ui/layout';

/** The calculators: for everybody, by the rules that the market itself uses. */
export function Screen() {
  const { t } = useTranslation('pricing');
  useTitle(t('calculators.title'));
  return (
    <>
      <PageHead title={t('calculators.title')} lead={t('calculators.lead')} />
      <Rows label={t('calculators.title')}>
        <Row level={2} title={<Link to="/calculators/permitted-revenue">{t('calculators.permitted')}</Link>}>
          {t('calculators.permittedLead')}
        </Row>
        <Row level={2} title={<Link to="/calculators/deviation">{t('calculators.deviation')}</Link>}>
          {t('calculators.deviationLead')}
        </Row>
        <Row level={2} title={<Link to="/calculators/carry-over">{t('calculators.carryOver')}</Link>}>
          {t('calculators.carryOverLead')}
        </Row>
        <Row level={2} title={<Link to="/calculators/charge">{t('calculators.charge')}</Link>}>
          {t('calculators.chargeLead')}
        </Row>
        <Row level={2} title={<Link to="/calculators/split">{t('calculators.split')}</Link>}>
          {t('calculators.splitLead')}
        </Row>
      </Rows>
    </>
  );
}
