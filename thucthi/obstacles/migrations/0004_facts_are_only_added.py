from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("obstacles", "0003_the_discipline_of_execution")]
    operations = [
        AppendOnly("obstacles_affectedtask"),
        AppendOnly("obstacles_coordinationrequest"),
        AppendOnly("obstacles_requeststep"),
        AppendOnly("obstacles_hop"),
        AppendOnly("obstacles_refusal"),
        AppendOnly("obstacles_refusalruling"),
        AppendOnly("obstacles_decision"),
        AppendOnly("obstacles_decisiontask"),
    ]
