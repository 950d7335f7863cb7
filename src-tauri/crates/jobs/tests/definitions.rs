//! Every job is complete, in whatever state of construction.

use std::collections::BTreeSet;

use presell_jobs::{DEFINITIONS, find};
use presell_scheduler::planning::Frequency;

/// The jobs a merchandiser knows by these ids, wherever she learnt them.
const KNOWN: [&str; 24] = [
    "JOB_REL_PREODR_CAT",
    "JOB_PREORDER_CAT_SYC",
    "JOB_ADD_PREORD_VRT",
    "JOB_RMV_PREORD_VRT",
    "JOB_ADD_BACKORD_VRT",
    "JOB_RMV_BACKORD_VRT",
    "JOB_ADD_TAG_PREORD",
    "JOB_ADD_TAG_BACKORD",
    "JOB_UL_PRMS_DTE",
    "JOB_UL_PRMS_DTE_UPD",
    "JOB_UPDT_SO_PROMS_DT",
    "SD_PRMSDDTE_CNG_NOTI",
    "JOB_RLS_ORD_DTE",
    "PS_UPD_CAT_ARRIVAL",
    "PS_ADJ_ATP_EARLY_PO",
    "PS_ALLOC_SO",
    "PS_PO_RECEIPT_FEED",
    "PS_BULK_PUSH",
    "PS_SUBCATALOG",
    "PS_DRIFT_CHECK",
    "PS_REL_ON_RECEIPT",
    "PS_PURGE",
    "JOB_PRC_PND_DML",
    "JOB_UL_PRCS",
];

#[test]
fn every_known_job_is_defined_once() {
    let ids: BTreeSet<&str> = DEFINITIONS.iter().map(|d| d.id).collect();
    assert_eq!(ids.len(), DEFINITIONS.len(), "no id stands for two jobs");
    assert_eq!(ids, KNOWN.into_iter().collect(), "these jobs, and no others");
}

#[test]
fn every_job_has_a_label_a_group_help_a_frequency_and_explained_parameters() {
    for job in DEFINITIONS {
        assert!(!job.id.is_empty() && job.id.len() <= 20, "{}: an id has 1 to 20 characters", job.id);
        assert!(!job.label.is_empty() && !job.group.is_empty(), "{}: a job has a label and a group", job.id);
        assert!(job.help.ends_with('.'), "{}: help is written in sentences", job.id);
        assert!(Frequency::find(job.frequency).is_some(), "{}: its usual frequency is one that exists", job.id);
        assert!(job.step > 0, "{}: it has its place among the jobs of one tick", job.id);
        let names: BTreeSet<&str> = job.parameters.iter().map(|p| p.name).collect();
        assert_eq!(names.len(), job.parameters.len(), "{}: no parameter is defined twice", job.id);
        for parameter in job.parameters {
            assert!(parameter.help.ends_with('.'), "{}.{}: help is written in sentences", job.id, parameter.name);
        }
        assert_eq!(find(&job.id.to_lowercase()).map(|d| d.id), Some(job.id), "{}: found however it is written", job.id);
    }
}

#[test]
fn label_and_group_together_name_one_job() {
    let named: BTreeSet<(&str, &str)> = DEFINITIONS.iter().map(|d| (d.group, d.label)).collect();
    assert_eq!(named.len(), DEFINITIONS.len(), "people tell jobs apart by group and label");
}
